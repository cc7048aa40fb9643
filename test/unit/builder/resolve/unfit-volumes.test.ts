import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { refuseUnfitVolumes, unfitVolumes } from '../../../../builder/resolve/unfit-volumes.ts';
import { HEAD, loadText } from '../../../helpers/project.ts';

const MIB = 1024 ** 2;
const IMAGES = [
  { name: 'windows', bytes: 10 * MIB },
  { name: 'data', bytes: 100 * MIB },
];

type Wish = { windows?: string; last?: string; steps?: string; more?: string; files?: Record<string, string> };

const APPLY = '  - { step: apply-operating-system, image: windows }\n';
const OTHER_LAYOUT =
  'step: format-and-partition-disk, volumes: [{ type: efi, size: 260 MB }, { type: primary, name: Windows, size: rest }]';
const DATA = '  - { step: apply-data-image, image: data, volume: Esp }\n';

async function project({ windows = '4 MB', last = 'name: Data', steps = APPLY, more = '', files = {} }: Wish) {
  const sequence = `formatVersion: 2
id: install
name: Install
steps:
  - step: format-and-partition-disk
    volumes:
      - { type: efi, name: Esp, size: 260 MB }
      - { type: primary, name: Windows, variable: Here, size: ${windows} }
      - { type: primary, ${last}, size: 1 GB }
${steps}`;
  const media = `${HEAD}images:
  - { name: windows, source: w.wim, image: 1 }
  - { name: data, source: w.wim, image: 2 }
sequences: [${['a.yaml', ...Object.keys(files)].join(', ')}]
outputs: [{ iso: out.iso }]
${more}`;
  const loaded = await loadText(media, { 'a.yaml': sequence, 'w.wim': '', ...files });
  if (loaded.project === undefined) throw new Error(JSON.stringify(loaded.problems));
  return { ...loaded, project: loaded.project };
}

async function found(wish: Wish) {
  const problems = await unfitVolumes((await project(wish)).project, IMAGES);
  return problems.map(({ severity, line, column, message }) => `${line}:${column} ${severity} ${message}`);
}

const FOUR = '"Format and Partition Disk" gives volume "Windows" 4 MB, image "windows" needs 10.5 MB';

describe('a volume that cannot take its image', () => {
  it('is refused where it stands, with what to do', async () => {
    const { project: small, folder } = await project({});
    await expect(refuseUnfitVolumes(small, IMAGES)).rejects.toMatchObject({
      code: 'SEQUENCE_INVALID',
      problems: [
        {
          ...{ file: join(folder, 'a.yaml'), line: 8, column: 57, severity: 'error' },
          message: FOUR,
          hint: expect.stringContaining('10.5 MB'),
        },
      ],
    });
  });

  it.each<[string, Wish, string[]]>([
    ['named by a variable', { steps: APPLY.replace('windows }', 'windows, volume: "%here%" }') }, ['8:57 error']],
    ['of a data image', { steps: '  - { step: apply-data-image, image: data, volume: Windows }\n' }, ['8:57 error']],
    ['a byte short of what NTFS takes', { windows: '10 MB' }, ['8:57 error']],
    [
      'where a condition may keep the image away',
      { steps: APPLY.replace('}', ', condition: { variable: A } }') },
      ['8:57 warning'],
    ],
    ['that is none for data', { steps: DATA }, ['7:9 error']],
    [
      'where a condition may turn to another disk',
      { steps: `  - { ${OTHER_LAYOUT}, condition: { variable: A } }\n${APPLY}` },
      ['8:57 warning'],
    ],
    [
      'where a condition may turn to a Windows that is there',
      {
        steps: `${APPLY.replace('windows }', 'windows, destination: { drive: "D:" }, condition: { variable: A } }')}${APPLY}`,
      },
      ['8:57 warning'],
    ],
    ['that is not NTFS', { steps: APPLY.replace('windows }', 'windows, volume: Esp }') }, ['7:9 error']],
    ['that is not laid out', { steps: APPLY.replace('windows }', 'windows, volume: Windos }') }, ['5:5 error']],
    [
      'that is not laid out for what a condition may leave out',
      { steps: APPLY.replace('windows }', 'windows, volume: Windos, condition: { variable: A } }') },
      ['5:5 warning'],
    ],
    [
      'filled by a child',
      {
        steps: '  - { step: run-sequence, sequence: b }\n',
        files: { 'b.yaml': `formatVersion: 2\nid: b\nname: B\nsteps:\n${APPLY}` },
      },
      ['8:57 error'],
    ],
  ])('%s', async (_, wish, places) => {
    expect((await found(wish)).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual(places);
  });
});

it.each<[string, Wish]>([
  ['is large enough', { windows: '11 MB' }],
  ['takes what is left', { windows: 'rest' }],
  ['takes a share', { windows: '1%' }],
  ['has a name that it has when none is given', { steps: APPLY.replace('windows }', 'windows, volume: Volume3 }') }],
  ['a variable may name', { steps: APPLY.replace('windows }', 'windows, volume: "%There%" }') }],
  [
    'another layout makes, which may come first or last',
    {
      steps: `  - { step: format-and-partition-disk, volumes: [{ type: efi, size: 260 MB }, { type: primary, name: OS, size: rest }], condition: { variable: A } }
${APPLY.replace('windows }', 'windows, volume: OS }')}`,
    },
  ],
  [
    'is named by a variable itself',
    { windows: 'rest', last: 'name: "%Label%"', steps: APPLY.replace('windows }', 'windows, volume: OS }') },
  ],
  [
    'a step names between by a variable that the layout has set',
    {
      steps: `  - { step: set-variable, variable: Here, value: Data }
${APPLY.replace('windows }', 'windows, volume: "%Here%" }')}`,
    },
  ],
  [
    'is of the disk whose Windows was replaced between',
    {
      windows: 'rest',
      steps: `${APPLY.replace('windows }', 'windows, volume: OS, destination: { diskNumber: 0, partition: 3 } }')}
  - { step: apply-data-image, image: data, volume: OS, wipe: false }
`,
    },
  ],
  ['takes data beside FAT32', { last: 'name: Fat, fileSystem: fat32', steps: DATA.replace('Esp', 'Fat') }],
  [
    'is the last that has the variable',
    { last: 'name: Data, variable: Here', steps: APPLY.replace('windows }', 'windows, volume: "%Here%" }') },
  ],
  ['is another one', { steps: APPLY.replace('windows }', 'windows, volume: Data }') }],
  ['is of a disk that is there', { steps: APPLY.replace('windows }', 'windows, destination: { drive: "D:" } }') }],
  [
    'is of the Windows that is there, where no disk is laid out',
    {
      steps: APPLY.replace(
        'windows }',
        'windows, volume: OS, destination: present-windows, condition: { variable: A } }',
      ),
    },
  ],
  ['may be laid out by variables', { more: 'variables: [{ name: OSDPartitions, value: "1" }]\n' }],
  [
    'is laid out before, for data, on another disk than either of those that Windows may get',
    {
      windows: 'rest',
      last: 'name: More',
      steps: `  - { ${OTHER_LAYOUT.replace('name: Windows', 'name: OS')}, condition: { variable: A } }
  - { ${OTHER_LAYOUT.replace('name: Windows', 'name: OS')}, condition: { variable: B } }
${APPLY.replace('windows }', 'windows, volume: OS }')}`,
    },
  ],
  ['takes another image that a variable chooses', { more: 'variables: [{ name: osdimageindex, value: "2" }]\n' }],
  ['takes an image by an index of its own', { steps: APPLY.replace('windows }', 'windows, imageIndex: 2 }') }],
])('nothing is said of a volume that %s', async (_, wish) => {
  expect(await found(wish)).toEqual([]);
});
