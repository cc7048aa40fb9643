import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Machine } from '../../../../runtime/contract/machine.ts';
import { Variables } from '../../../../runtime/contract/variables.ts';
import type { StepContext } from '../../../../runtime/steps/context.ts';
import { runFormatAndPartitionDisk } from '../../../../runtime/steps/format-and-partition-disk/run.ts';
import { aDisk, aMachine } from '../../../helpers/machine.ts';
import { type Ran, runSteps } from '../../../helpers/run.ts';
import { stepContext } from './step-context.ts';

const PARTITION = { step: 'format-and-partition-disk' };
const APPLY = { step: 'apply-operating-system', image: 'windows' };

const answerFile = ({ platform }: Ran): Promise<string> =>
  readFile(join(platform.volume('Windows'), 'Windows/Panther/unattend.xml'), 'utf8');

const ALL_KINDS = [
  { type: 'primary', size: '30 GB', bootable: true },
  { type: 'primary', name: 'Data', size: '10 GB', quickFormat: false },
  { type: 'primary', name: 'Tools', size: 'rest', assignVolumeLetter: false },
];

describe('format-and-partition-disk', () => {
  it('follows the firmware unless told', async () => {
    const style = async (step: object, machine: Partial<Machine>) =>
      (await runSteps([{ ...PARTITION, ...step }], { machine: aMachine(machine) })).platform.disk.table?.style;
    expect(await style({}, { firmware: 'uefi' })).toBe('gpt');
    expect(await style({}, { firmware: 'bios' })).toBe('mbr');
    expect(await style({ style: 'gpt' }, { firmware: 'bios' })).toBe('gpt');
  });

  it('names its volumes to later steps', async () => {
    const volumes = [
      { type: 'efi', size: '260 MB' },
      { type: 'primary', name: 'OS', size: 'rest', variable: 'OSDisk' },
    ];
    const apply = { ...APPLY, volume: '%OSDisk%' };
    const { outcome, variables, platform } = await runSteps([{ ...PARTITION, volumes }, apply]);
    expect(outcome).toEqual({ action: 'restart' });
    expect(variables.get('OSDisk')).toBe('OS');
    expect(platform.deeds).toContain('applyImage 1 to OS');
  });

  it('names its logical volumes to later steps, as the extended one is none', async () => {
    const volumes = [
      { type: 'primary', size: '100 MB', bootable: true },
      { type: 'extended', size: 'rest' },
      { type: 'logical', name: 'OS', size: '90%', variable: 'OSDisk' },
      { type: 'logical', name: 'Data', size: 'rest', variable: 'DataDisk' },
      { type: 'hidden', name: 'Tools', size: '50 MB', variable: 'ToolsDisk' },
    ];
    const apply = { ...APPLY, volume: '%OSDisk%' };
    const { outcome, variables, platform } = await runSteps([{ ...PARTITION, style: 'mbr', volumes }, apply]);
    expect(outcome).toEqual({ action: 'restart' });
    expect(['OSDisk', 'DataDisk', 'ToolsDisk'].map((name) => variables.get(name))).toEqual(['OS', 'Data', 'Tools']);
    expect(platform.deeds).toContain('applyImage 1 to OS');
    expect(platform.disk.table?.extended).toBeDefined();
  });

  it.each([
    [APPLY, /is hidden/],
    [{ step: 'apply-data-image', image: 'windows' }, /is no volume for data/],
  ])('gives no image to a hidden volume: %j', async (apply, message) => {
    const volumes = [
      { type: 'primary', size: '30 GB', bootable: true },
      { type: 'primary', name: 'Data', size: '10 GB' },
      { type: 'hidden', name: 'Tools', size: 'rest' },
    ];
    const { events, platform } = await runSteps([
      { ...PARTITION, style: 'mbr', volumes },
      { ...apply, volume: 'Tools' },
    ]);
    expect(JSON.stringify(events)).toMatch(message);
    expect(platform.deeds.filter((deed) => /^(apply|extract|format)/.test(deed))).toEqual([]);
  });

  it.each([APPLY, { step: 'apply-data-image', image: 'windows' }])(
    'gives no image to a volume without a drive letter: %j',
    async (apply) => {
      const steps = [
        { ...PARTITION, style: 'mbr', volumes: ALL_KINDS },
        { ...apply, volume: 'Tools' },
      ];
      const { events, platform } = await runSteps(steps);
      expect(JSON.stringify(events)).toMatch(/is laid out without a drive letter/);
      expect(platform.disk.starts).toBe(true);
      // Where a condition may leave the image out, its own step finds it.
      const late = await runSteps([
        steps[0] ?? {},
        { ...steps[1], condition: { variable: 'A', operator: 'notExists' } },
      ]);
      expect(late.outcome.error).toMatchObject({
        message: expect.stringMatching(/is laid out without a drive letter/),
      });
      expect(late.platform.deeds.filter((deed) => /^(apply|extract|format)/.test(deed))).toEqual([]);
    },
  );

  it.each([
    ['a variable set behind it', [{ step: 'set-variable', variable: 'Here', value: 'Windows' }]],
    ['a variable that two volumes have', []],
  ])('is made where %s names the volume of an image', async (_, between) => {
    const volumes = [
      { type: 'efi', name: 'Esp', size: '260 MB', variable: 'Here' },
      { type: 'primary', name: 'Windows', size: 'rest', ...(between.length === 0 && { variable: 'Here' }) },
    ];
    const { outcome } = await runSteps([{ ...PARTITION, volumes }, ...between, { ...APPLY, volume: '%Here%' }]);
    expect(outcome.error).toBeUndefined();
  });

  it('says which volumes are formatted in full', async () => {
    const { events } = await runSteps([{ ...PARTITION, style: 'mbr', volumes: ALL_KINDS }]);
    expect(JSON.stringify(events)).toMatch(/Data is formatted in full/);
  });

  it.each([
    [1, '/dev/sdb'],
    [2, undefined],
  ])('asks which of several is to be erased; answer %i', async (answer, erased) => {
    const machine = aMachine({ disks: [aDisk(), aDisk({ device: '/dev/sdb' }), aDisk({ removable: true })] });
    const asked: (readonly string[])[] = [];
    const ask = {
      choose: async (_: string, choices: readonly string[]) => {
        asked.push(choices);
        return answer;
      },
    };
    const { platform, running } = await partitionWith(machine, ask);
    if (erased === undefined) await expect(running).rejects.toMatchObject({ code: 'DISK_NOT_CHOSEN' });
    else await running;
    expect(asked).toEqual([
      [expect.stringContaining('nvme0n1'), expect.stringContaining('sdb'), 'None of them: stop here'],
    ]);
    expect(platform.deeds).toEqual(erased === undefined ? [] : [`partitionDisk ${erased}`]);
  });
});

describe('apply-windows-settings', () => {
  it('writes the answer file onto the volume that got Windows', async () => {
    const settings = {
      step: 'apply-windows-settings',
      computerName: 'PC-%Number%',
      organization: 'A & B',
      timeZone: 'UTC',
    };
    const number = { step: 'set-variable', variable: 'Number', value: '7' };
    const xml = await answerFile(await runSteps([PARTITION, APPLY, number, settings]));
    expect(xml).toContain('<ComputerName>PC-7</ComputerName>');
    expect(xml).toContain('<RegisteredOrganization>A &amp; B</RegisteredOrganization>');
    expect(xml).toContain('<HideEULAPage>true</HideEULAPage>');
    expect(xml).not.toContain('ProductKey');
  });
});

describe('apply-driver-package', () => {
  it('puts the package onto the volume and has Windows install it, each package once', async () => {
    const drivers = { step: 'apply-driver-package', package: 'tools' };
    const settings = { step: 'apply-windows-settings' };
    const ran = await runSteps([PARTITION, APPLY, settings, drivers]);
    expect(await readdir(join(ran.platform.volume('Windows'), 'Drivers/tools'))).toEqual(['unpacked.txt']);
    const xml = await answerFile(ran);
    expect(xml).toContain(
      '<Path>pnputil.exe /add-driver "%SystemDrive%\\Drivers\\tools\\*.inf" /subdirs /install</Path>',
    );
    expect(xml).toContain('<ComputerName>*</ComputerName>');
  });
});

describe('apply-operating-system', () => {
  it('refuses a volume that cannot take it', async () => {
    const volumes = [
      { type: 'efi', name: 'System', size: '2 GB' },
      { type: 'primary', name: 'Small', size: '500 MB' },
      { type: 'primary', name: 'Windows', size: 'rest' },
    ];
    const error = async (volume: string) =>
      (
        await runSteps([
          { ...PARTITION, volumes },
          { ...APPLY, volume },
        ])
      ).outcome.error;
    expect(await error('small')).toMatchObject({
      code: 'VOLUME_TOO_SMALL',
      message: expect.stringMatching(/^image "windows" needs 1\.\d GB, volume "Small" would have 500 MB$/),
      hint: expect.stringContaining('Nothing was changed'),
    });
    expect(await error('System')).toMatchObject({ message: expect.stringContaining('it is not NTFS') });
    expect(await error('Data')).toMatchObject({
      code: 'VOLUME_NOT_FOUND',
      hint: expect.stringContaining('System, Small, Windows.'),
    });
    expect(await error('WINDOWS')).toBeUndefined();
  });

  it.each([
    ['its name', 'small', {}],
    ['the variable that has it', '%Here%', {}],
    ['a condition that both share', 'Small', { condition: { variable: 'A', operator: 'notExists' } }],
  ])('erases nothing where the volume is too small that it names by %s', async (_, volume, group) => {
    const volumes = [
      { type: 'efi', name: 'System', size: '260 MB' },
      { type: 'primary', name: 'Small', size: '500 MB', variable: 'Here' },
      { type: 'primary', name: 'Data', size: 'rest' },
    ];
    const steps = [
      { ...PARTITION, volumes },
      { ...APPLY, volume },
    ];
    const { outcome, platform } = await runSteps([{ group: 'G', ...group, steps }]);
    expect(outcome.error).toMatchObject({ code: 'VOLUME_TOO_SMALL', message: expect.stringContaining('500 MB') });
    expect(platform.disk.starts).toBe(true);
  });

  it.each<[string, Machine['firmware'], object, string]>([
    ['a UEFI', 'uefi', { type: 'primary', name: 'Windows', size: 'rest', bootable: true }, 'no volume of type efi'],
    ['a BIOS', 'bios', { type: 'primary', name: 'Windows', size: 'rest' }, 'no bootable volume'],
  ])('erases nothing where %s would start nothing from the layout', async (_, firmware, volume, message) => {
    const steps = [{ ...PARTITION, volumes: [volume] }, APPLY];
    const { outcome, platform } = await runSteps(steps, { machine: aMachine({ firmware }) });
    expect(outcome.error).toMatchObject({ code: 'VOLUME_NOT_FOUND', message: expect.stringContaining(message) });
    expect(platform.disk.starts).toBe(true);
  });

  it('erases nothing for an EFI system partition that no firmware can read', async () => {
    const volumes = [
      { type: 'efi', size: '260 MB', fileSystem: 'none' },
      { type: 'primary', name: 'Windows', size: 'rest' },
    ];
    const { outcome, platform } = await runSteps([{ ...PARTITION, volumes }, APPLY]);
    expect(outcome.error).toMatchObject({ code: 'VOLUME_NOT_FOUND' });
    expect(platform.disk.starts).toBe(true);
  });

  const GIB = 1024 ** 3;
  const IMAGES = [1, 2, 100].map((gib, index) => ({
    ...{ name: ['windows', 'other', 'large'][index] ?? '', file: 'mediasmith/images/w.wim' },
    ...{ index: index + 1, bytes: gib * GIB, architecture: 'x64' },
  }));
  const SMALL = [
    { type: 'efi', name: 'System', size: '260 MB' },
    { type: 'primary', name: 'Windows', size: '1536 MB' },
  ];

  it.each<[string, object[]]>([
    ['of a step that a condition leaves out', [{ ...APPLY, image: 'large', condition: { variable: 'Server' } }]],
    [
      'that is not there, of a step that a condition leaves out',
      [{ ...APPLY, imageIndex: 7, condition: { variable: 'A' } }],
    ],
    ['that goes onto another disk', [PARTITION, { ...APPLY, image: 'other' }]],
    [
      'but the one that a step behind it chooses',
      [
        { step: 'set-variable', variable: 'OSDImageIndex', value: '1' },
        { ...APPLY, image: 'large' },
      ],
    ],
  ])('lays out a disk that could not take an image %s', async (_, more) => {
    const steps = [{ ...PARTITION, volumes: SMALL }, ...more, ...(more.length > 1 ? [] : [APPLY])];
    const { outcome } = await runSteps(steps, { manifest: { images: IMAGES } });
    expect(outcome.error).toBeUndefined();
  });

  it.each([
    [[], true],
    [[{ step: 'set-variable', variable: 'Keep', value: 'no' }], false],
  ])(
    'takes a condition that two steps have for the same, as long as nothing sets what it reads: %j',
    async (between, same) => {
      const condition = { none: [{ variable: 'KEEP' }] };
      const steps = [{ ...PARTITION, volumes: SMALL, condition }, ...between, { ...APPLY, image: 'large', condition }];
      const { platform } = await runSteps(steps, { manifest: { images: IMAGES } });
      expect(platform.deeds.some((deed) => deed.startsWith('partitionDisk'))).toBe(!same);
    },
  );

  it('erases nothing where the image that a variable chooses is too large', async () => {
    const chosen = new Variables();
    chosen.set('OSDImageIndex', '2');
    const steps = [{ ...PARTITION, volumes: SMALL }, APPLY];
    const { outcome, platform } = await runSteps(steps, { manifest: { images: IMAGES }, variables: chosen });
    expect(outcome.error).toMatchObject({ code: 'VOLUME_TOO_SMALL', message: expect.stringContaining('"other"') });
    expect(platform.disk.starts).toBe(true);
  });

  it('erases nothing where no volume could be the one that a later variable names', async () => {
    const set = { step: 'set-variable', variable: 'There', value: 'Windows' };
    const steps = [{ ...PARTITION, volumes: SMALL }, set, { ...APPLY, image: 'large', volume: '%There%' }];
    const { outcome, platform } = await runSteps(steps, { manifest: { images: IMAGES } });
    expect(outcome.error).toMatchObject({ message: expect.stringContaining('the largest volume would have') });
    expect(platform.disk.starts).toBe(true);
  });

  it('warns where a condition of its own may leave the image out', async () => {
    const volumes = [
      { type: 'efi', name: 'System', size: '260 MB' },
      { type: 'primary', name: 'Small', size: '500 MB' },
      { type: 'primary', name: 'Windows', size: 'rest' },
    ];
    const extra = { ...APPLY, volume: 'Small', condition: { variable: 'Never' } };
    const { outcome, events } = await runSteps([{ ...PARTITION, volumes }, extra, APPLY]);
    expect(outcome.error).toBeUndefined();
    expect(events).toContainEqual(
      expect.objectContaining({ level: 'warning', message: expect.stringContaining('500 MB') }),
    );
  });

  it('takes an active volume for one that Windows fits onto', async () => {
    const volumes = [{ type: 'primary', name: 'Windows', size: 'rest', bootable: true }];
    const { outcome } = await runSteps([{ ...PARTITION, style: 'mbr', volumes }, APPLY]);
    expect(outcome.error).toBeUndefined();
  });

  it('never mixes two images on one volume, and makes the disk start once', async () => {
    const { platform, outcome } = await runSteps([PARTITION, APPLY, APPLY]);
    expect(outcome.error).toBeUndefined();
    expect(platform.deeds.filter((deed) => /Image|formatVolume|activateBoot/.test(deed))).toEqual([
      'applyImage 1 to Windows',
      'formatVolume Windows',
      'applyImage 1 to Windows',
      'activateBoot',
    ]);
  });
});

/** The step alone, with somebody to ask. */
async function partitionWith(machine: Machine, ask: Pick<NonNullable<StepContext['ask']>, 'choose'>) {
  const { context, platform } = await stepContext({ machine, name: 'linux' });
  context.ask = ask as StepContext['ask'];
  return { platform, running: runFormatAndPartitionDisk({ disk: {}, style: 'gpt' }, context) };
}
