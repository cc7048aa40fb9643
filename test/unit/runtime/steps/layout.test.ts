import { describe, expect, it } from 'vitest';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import { formatBytes } from '../../../../runtime/contract/format-bytes.ts';
import { linuxNumbers, type PartitionTable, windowsNumbers } from '../../../../runtime/platform/partition-table.ts';
import { layoutDisk } from '../../../../runtime/steps/format-and-partition-disk/layout.ts';
import { VolumeWish } from '../../../../runtime/steps/format-and-partition-disk/schema.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const TIB = 1024 ** 4;

type Style = 'gpt' | 'mbr';

function guids(): () => string {
  let count = 0;
  return () => `${String(++count).padStart(8, '0')}-0000-4000-8000-ABCDEF000000`;
}

function layOut(style: Style, bytes: number, volumes?: readonly object[]): PartitionTable {
  return layoutDisk({ style, volumes: volumes?.map((volume) => VolumeWish.parse(volume)) }, bytes, guids());
}

/** A table as a person would draw it: where, how large, what. */
function draw({ partitions }: PartitionTable): string[] {
  return partitions.map(
    ({ startBytes, bytes, role, name, fileSystem, active }) =>
      `${startBytes / MIB}+${bytes / MIB} ${role} ${name} ${fileSystem}${active ? ' active' : ''}`,
  );
}

function sizes(style: Style, bytes: number, ...wishes: string[]): number[] {
  const volumes = wishes.map((size) => ({ type: 'primary', size }));
  return layOut(style, bytes, volumes).partitions.map((partition) => partition.bytes / MIB);
}

function refusal(run: () => unknown): MediasmithError {
  try {
    run();
  } catch (error) {
    if (error instanceof MediasmithError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('the Windows layout', () => {
  it.each([
    [
      'gpt',
      8 * GIB,
      [
        '1+260 system System fat32',
        '261+16 msr MSR none',
        '277+6924 primary Windows ntfs',
        '7201+990 recovery Recovery ntfs',
      ],
    ],
    [
      'gpt',
      256060514304,
      [
        '1+260 system System fat32',
        '261+16 msr MSR none',
        '277+242930 primary Windows ntfs',
        '243207+990 recovery Recovery ntfs',
      ],
    ],
    [
      'mbr',
      8 * GIB,
      ['1+100 system System ntfs active', '101+7100 primary Windows ntfs', '7201+990 recovery Recovery ntfs'],
    ],
  ] as const)('%s on %i bytes', (style, bytes, rows) => {
    expect(draw(layOut(style, bytes))).toEqual(rows);
  });

  it('gives a GPT disk and each of its partitions a GUID of its own', () => {
    const { identity, partitions } = layOut('gpt', 8 * GIB);
    const all = [identity, ...partitions.map(({ guid }) => guid)];
    expect(new Set(all).size).toBe(5);
    expect(all).not.toContain(undefined);
  });

  it('gives an MBR disk a signature of eight digits and its partitions none', () => {
    const { identity, partitions } = layOut('mbr', 8 * GIB);
    expect(identity).toMatch(/^[0-9a-f]{8}$/);
    expect(partitions.every((partition) => !('guid' in partition))).toBe(true);
  });
});

describe('sizes', () => {
  it('count the fixed ones first, then percentages of what they leave, then the rest', () => {
    expect(sizes('gpt', 1002 * MIB, 'rest', '25%', '200 MB', '50%')).toEqual([200, 200, 200, 400]);
  });

  it('are rounded to the alignment: up where asked in bytes, down where shared', () => {
    expect(sizes('gpt', 103 * MIB, '1.2 MB', '33%', 'rest')).toEqual([2, 32, 67]);
  });

  it('may leave space, and may use all of it', () => {
    expect(sizes('gpt', 102 * MIB, '10%')).toEqual([10]);
    expect(sizes('gpt', 102 * MIB, '50%', '50%')).toEqual([50, 50]);
    expect(sizes('gpt', 102 * MIB, '100 MB')).toEqual([100]);
  });

  it('never use the end of a disk that is no whole number of MiB', () => {
    expect(sizes('gpt', 102 * MIB + 512, 'rest')).toEqual([100]);
    expect(sizes('gpt', 103 * MIB - 1, 'rest')).toEqual([100]);
  });
});

describe('a disk that is too small', () => {
  it.each<[string, () => unknown]>([
    ['for the Windows layout', () => layOut('gpt', 1 * GIB)],
    ['by a byte', () => sizes('gpt', 102 * MIB - 1, '100 MB')],
    ['for shares above the whole', () => sizes('gpt', 1 * GIB, '60%', '60%')],
    ['for a rest that is nothing', () => sizes('gpt', 102 * MIB, '100 MB', 'rest')],
    ['for a share that is nothing', () => sizes('gpt', 1 * GIB, '0%')],
    ['altogether', () => sizes('gpt', 0, 'rest')],
  ])('%s is refused', (_, run) => {
    expect(refusal(run)).toMatchObject({
      code: 'VOLUME_TOO_SMALL',
      hint: expect.stringContaining('Nothing was changed'),
    });
  });

  it('is refused with the volumes that were asked', () => {
    expect(refusal(() => layOut('mbr', 1 * GIB)).lines).toEqual([
      'System: 100 MB',
      'Windows: rest',
      'Recovery: 990 MB',
    ]);
  });
});

describe('a wish that no table can hold', () => {
  const primary = { type: 'primary', size: '10 MB' };

  it.each<[string, Style, object[]]>([
    [
      'two rests',
      'gpt',
      [
        { ...primary, size: 'rest' },
        { ...primary, size: 'rest' },
      ],
    ],
    ['five volumes on MBR', 'mbr', [primary, primary, primary, primary, primary]],
    ['an EFI volume on MBR', 'mbr', [{ type: 'efi', size: '100 MB' }]],
    ['a reserved volume on MBR', 'mbr', [{ type: 'msr', size: '16 MB' }]],
  ])('%s is refused', (_, style, volumes) => {
    expect(refusal(() => layOut(style, 8 * GIB, volumes)).code).toBe('SEQUENCE_INVALID');
  });

  it('is none of these on GPT', () => {
    expect(layOut('gpt', 8 * GIB, [primary, primary, primary, primary, primary]).partitions).toHaveLength(5);
  });
});

it('an MBR disk is used as far as 32 bits reach, a GPT disk whole', () => {
  expect(sizes('mbr', 3 * TIB, 'rest')).toEqual([2 * 1024 ** 2 - 2]);
  expect(sizes('gpt', 3 * TIB, 'rest')).toEqual([3 * 1024 ** 2 - 2]);
});

it('names, file systems and the boot mark follow the wish', () => {
  const volumes = [
    { type: 'primary', size: '100 MB', bootable: true, fileSystem: 'fat32' },
    { type: 'primary', name: 'Data', size: 'rest' },
    { type: 'primary', size: '10 MB', fileSystem: 'none' },
  ];
  expect(draw(layOut('mbr', 1 * GIB, volumes))).toEqual([
    '1+100 system System fat32 active',
    '101+912 primary Data ntfs',
    '1013+10 primary Volume3 none',
  ]);
  expect(draw(layOut('gpt', 1 * GIB, volumes))[0]).toBe('1+100 primary Volume1 fat32');
});

describe('an extended partition', () => {
  const WISHES = [
    { type: 'primary', size: '100 MB', bootable: true },
    { type: 'extended', size: '500 MB' },
    { type: 'logical', name: 'Data', size: '100 MB' },
    { type: 'logical', size: '50%', fileSystem: 'fat32' },
    { type: 'logical', size: 'rest' },
    { type: 'hidden', size: '20 MB' },
    { type: 'recovery', size: 'rest' },
  ];

  it('holds its logical volumes, each behind a MiB for its record', () => {
    const table = layOut('mbr', 1 * GIB, WISHES);
    expect(table.extended).toEqual({ startBytes: 101 * MIB, bytes: 500 * MIB });
    expect(draw(table)).toEqual([
      '1+100 system System ntfs active',
      '102+100 primary Data ntfs',
      '203+198 primary Volume4 fat32',
      '402+199 primary Volume5 ntfs',
      '601+20 hidden Volume6 ntfs',
      '621+402 recovery Recovery ntfs',
    ]);
    expect(table.partitions.map(({ logical }) => logical)).toEqual([undefined, true, true, true, undefined, undefined]);
  });

  it('has numbers that Linux and Windows count in their own ways', () => {
    const table = layOut('mbr', 1 * GIB, WISHES);
    expect(linuxNumbers(table)).toEqual([1, 5, 6, 7, 3, 4]);
    expect(windowsNumbers(table)).toEqual([1, 4, 5, 6, 2, 3]);
    const plain = layOut('mbr', 8 * GIB);
    expect([linuxNumbers(plain), windowsNumbers(plain)]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    const first = layOut('mbr', 1 * GIB, [WISHES[1], WISHES[2], { type: 'primary', size: 'rest' }] as object[]);
    expect([linuxNumbers(first), windowsNumbers(first)]).toEqual([
      [5, 2],
      [2, 1],
    ]);
  });

  it('may be empty, and may be the last', () => {
    const table = layOut('mbr', 1 * GIB, [...WISHES.slice(0, 1), { type: 'extended', size: 'rest' }]);
    expect([table.extended, linuxNumbers(table)]).toEqual([{ startBytes: 101 * MIB, bytes: 922 * MIB }, [1]]);
  });

  it('is absent where none is asked', () => {
    expect('extended' in layOut('mbr', 8 * GIB)).toBe(false);
  });

  it('that is too small for what it holds is refused, with it', () => {
    const two = [
      { type: 'extended', size: '102 MB' },
      { type: 'logical', size: '50 MB' },
      { type: 'logical', size: '50 MB' },
    ];
    expect(layOut('mbr', 1 * GIB, two).partitions).toHaveLength(2);
    const error = refusal(() => layOut('mbr', 1 * GIB, [{ type: 'extended', size: '101 MB' }, ...two.slice(1)]));
    expect(error).toMatchObject({
      code: 'VOLUME_TOO_SMALL',
      message: `the extended volume has ${formatBytes(101 * MIB)}: too small for the logical ones`,
      lines: ['logical: 50 MB', 'logical: 50 MB'],
    });
    const rest = [
      { type: 'extended', size: '1 MB' },
      { type: 'logical', size: 'rest' },
    ];
    expect(refusal(() => layOut('mbr', 1 * GIB, rest)).code).toBe('VOLUME_TOO_SMALL');
  });

  it.each<[string, Style, object[]]>([
    ['on a GPT disk', 'gpt', WISHES],
    ['a second one', 'mbr', [...WISHES.slice(0, 3), { type: 'extended', size: '10 MB' }]],
    ['a logical volume outside', 'mbr', [WISHES[0], WISHES[2]] as object[]],
  ])('%s is refused', (_, style, wishes) => {
    expect(refusal(() => layOut(style, 8 * GIB, wishes))).toMatchObject({
      code: 'SEQUENCE_INVALID',
      message: expect.stringMatching(/^volume \d: /),
    });
  });
});

it('no layout with an extended partition overlaps, leaves its alignment, the extended one or the disk', () => {
  const random = numbers(20261205);
  const pick = <T>(...choices: T[]): T => choices[Math.floor(random() * choices.length)] as T;
  const size = (): string =>
    pick(
      `${1 + Math.floor(random() * 900)} MB`,
      `${(random() * 20).toFixed(2)} GB`,
      `${1 + Math.floor(random() * 60)}%`,
    );
  const many = <T>(count: number, make: (index: number) => T): T[] =>
    Array.from({ length: count }, (_, index) => make(index));
  let laidOut = 0;
  for (let round = 0; round < 3000; round++) {
    const bytes = Math.floor(random() * pick(3 * GIB, 300 * GIB, 4 * TIB)) + pick(0, 1, 511, 4096);
    const outer = many(Math.floor(random() * 4), () => ({
      type: pick('primary', 'hidden', 'recovery', 'primary'),
      size: size(),
    })).map((wish, index) => ({ ...wish, name: `outer ${index}` }));
    const logical = many(Math.floor(random() * 9), () => ({ type: 'logical', size: size() }));
    const last = logical.at(-1);
    if (last !== undefined && random() < 0.5) last.size = 'rest';
    const at = Math.floor(random() * (outer.length + 1));
    const wishes = [
      ...outer.slice(0, at),
      { type: 'extended', size: pick('rest', size()) },
      ...logical,
      ...outer.slice(at),
    ];
    const about = `${formatBytes(bytes)}, ${wishes.map((wish) => `${wish.type} ${wish.size}`).join(' + ')}`;
    let table: PartitionTable;
    try {
      table = layOut('mbr', bytes, wishes);
    } catch (error) {
      expect(error, about).toMatchObject({ code: 'VOLUME_TOO_SMALL' });
      continue;
    }
    laidOut++;
    const { extended = { startBytes: 0, bytes: 0 }, partitions } = table;
    const endOf = (place: { startBytes: number; bytes: number }): number => place.startBytes + place.bytes;
    for (const place of [extended, ...partitions]) {
      expect([place.startBytes % MIB, place.bytes % MIB, place.bytes >= MIB], about).toEqual([0, 0, true]);
    }
    const primaries = [...partitions.filter((place) => place.logical !== true), extended].sort(
      (a, b) => a.startBytes - b.startBytes,
    );
    let end = MIB;
    for (const place of primaries) {
      expect(place.startBytes, about).toBe(end);
      end = endOf(place);
    }
    expect(end, about).toBeLessThanOrEqual(Math.min(bytes, 2 ** 32 * 512) - MIB);
    const inside = partitions.filter((place) => place.logical === true);
    expect(inside).toHaveLength(logical.length);
    let record = extended.startBytes;
    for (const place of inside) {
      expect(place.startBytes, about).toBe(record + MIB);
      record = endOf(place);
    }
    expect(record, about).toBeLessThanOrEqual(endOf(extended));
    if (last?.size === 'rest') expect(record, about).toBe(endOf(extended));
    expect(new Set([...linuxNumbers(table)]).size).toBe(partitions.length);
    expect([...windowsNumbers(table)].sort((a, b) => a - b)).toEqual(partitions.map((_, index) => index + 1));
  }
  expect(laidOut).toBeGreaterThan(300);
});

it('no layout overlaps, leaves its alignment or its disk', () => {
  const random = numbers(20261120);
  const pick = <T>(...choices: T[]): T => choices[Math.floor(random() * choices.length)] as T;
  let laidOut = 0;
  for (let round = 0; round < 3000; round++) {
    const style = pick<Style>('gpt', 'mbr');
    const bytes = Math.floor(random() * pick(3 * GIB, 300 * GIB, 4 * TIB)) + pick(0, 1, 511, 4096);
    const count = 1 + Math.floor(random() * 4);
    const wishes = Array.from({ length: count }, () =>
      pick(
        `${Math.floor(random() * 2000)} MB`,
        `${(random() * 100).toFixed(2)} GB`,
        `${Math.floor(random() * 101)}%`,
        'rest',
      ),
    );
    let table: PartitionTable;
    try {
      table = layOut(
        style,
        bytes,
        wishes.map((size) => ({ type: 'primary', size })),
      );
    } catch (error) {
      if (!(error instanceof MediasmithError)) throw error;
      continue;
    }
    laidOut++;
    let end = MIB;
    for (const partition of table.partitions) {
      const about = `${style}, ${formatBytes(bytes)}, ${wishes.join(' + ')}`;
      expect(partition.startBytes, about).toBe(end);
      expect(partition.bytes % MIB, about).toBe(0);
      expect(partition.bytes, about).toBeGreaterThanOrEqual(MIB);
      end += partition.bytes;
    }
    expect(end).toBeLessThanOrEqual(bytes - MIB);
    if (style === 'mbr') expect(end / 512).toBeLessThan(2 ** 32);
  }
  expect(laidOut).toBeGreaterThan(500);
});

/** Numbers from 0 to 1 that are the same in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
