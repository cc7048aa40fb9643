import { describe, expect, it } from 'vitest';
import { type MoveWish, planMove } from '../../../../../runtime/platform/winpe/plan-move.ts';
import type { MediumPartition } from '../../../../../runtime/platform/winpe/prestaged-medium.ts';
import { layoutDisk } from '../../../../../runtime/steps/format-and-partition-disk/layout.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const COMMON = { root: 'D:\\', letter: 'D' };
const DATA: MediumPartition = {
  ...COMMON,
  number: 1,
  role: 'data',
  fileSystem: 'exfat',
  startBytes: MIB,
  bytes: 1000 * MIB,
};
const BOOT: MediumPartition = {
  ...COMMON,
  number: 2,
  role: 'boot',
  fileSystem: 'fat32',
  startBytes: 1001 * MIB,
  bytes: 300 * MIB,
};
const NOBODY = '00000000-0000-4000-8000-000000000000';

function plan(
  wish: Partial<MoveWish> & { diskBytes?: number; volumes?: Parameters<typeof layoutDisk>[0]['volumes'] } = {},
) {
  const { diskBytes = 40 * GIB, volumes, ...rest } = wish;
  const style = rest.style ?? 'gpt';
  const table = layoutDisk({ style, volumes }, diskBytes, () => NOBODY);
  return planMove({ device: 'the disk', style, partitions: [DATA, BOOT], table, makesExfat: true, ...rest });
}

const mib = (places: readonly { startBytes: number; bytes: number }[] | undefined) =>
  places?.map(({ startBytes, bytes }) => [startBytes / MIB, bytes / MIB]);

describe('planMove', () => {
  it('has the medium at the end of the largest volume, the data first, as large as it was', () => {
    const { table, room, moves } = plan();
    const windows = table.partitions[2];
    expect(mib(moves[0])).toEqual([
      [38_669, 1000],
      [39_669, 300],
    ]);
    expect(moves).toHaveLength(1);
    expect(room).toEqual({ volume: 3, startBytes: 38_669 * MIB, bytes: 1300 * MIB });
    expect((windows?.startBytes ?? 0) + (windows?.bytes ?? 0)).toBe(room.startBytes);
  });

  it('takes NTFS and more room where this WinPE cannot make exFAT', () => {
    const { room, moves } = plan({ makesExfat: false });
    expect(moves[0]?.map(({ role, fileSystem, bytes }) => [role, fileSystem, bytes / MIB])).toEqual([
      ['data', 'ntfs', 1144],
      ['boot', 'fat32', 300],
    ]);
    expect(room.bytes).toBe(1444 * MIB);
  });

  it('counts a partition that a factory has made in whole MiB', () => {
    const odd = { ...DATA, bytes: 1000 * MIB - 512, fileSystem: 'ntfs' as const };
    expect(mib(plan({ partitions: [odd, BOOT] }).moves[0])?.[0]).toEqual([38_669, 1000]);
  });

  it('leaves a medium where it is that lies in its room', () => {
    const { moves } = plan();
    const there = moves[0]?.map((place, index) => ({ ...COMMON, ...place, number: index + 5 })) ?? [];
    expect(plan({ partitions: there }).moves).toEqual([]);
  });

  it('moves it to the front first where its room is partly its place', () => {
    const shifted = [DATA, BOOT].map((part) => ({ ...part, startBytes: part.startBytes + 38_000 * MIB }));
    const { room, moves } = plan({ partitions: shifted });
    expect(moves).toHaveLength(2);
    expect(mib(moves[0])).toEqual([
      [1, 1000],
      [1001, 300],
    ]);
    expect(moves[1]?.[0]?.startBytes).toBe(room.startBytes);
  });

  it('refuses a disk on which it would stand in its own way', () => {
    const volumes = [
      { type: 'efi', size: '100 MB' },
      { type: 'primary', size: 'rest' },
    ] as const;
    expect(() => plan({ diskBytes: 2000 * MIB, volumes })).toThrow(
      expect.objectContaining({
        code: 'VOLUME_TOO_SMALL',
        message: 'the disk has no place for the medium beside the one it has now',
        lines: [
          'the medium lies from 1.0 MB to 1001 MB',
          'the medium lies from 1001 MB to 1.3 GB',
          'it is to lie from 699 MB to 2.0 GB until the end',
        ],
        hint: 'Use a larger disk. Nothing was changed.',
      }),
    );
  });

  it('refuses a volume that has less than the medium', () => {
    expect(() => plan({ diskBytes: 2700 * MIB })).toThrow(expect.objectContaining({ code: 'VOLUME_TOO_SMALL' }));
  });

  it.each(['gpt', 'mbr'] as const)('refuses to make another table of one that is %s', (style) => {
    const table = layoutDisk({ style: style === 'gpt' ? 'mbr' : 'gpt', volumes: undefined }, 40 * GIB, () => NOBODY);
    expect(() => plan({ style, table })).toThrow(
      expect.objectContaining({ code: 'DISK_NOT_CHOSEN', hint: expect.stringMatching(/style.*Nothing was changed/) }),
    );
  });

  it('refuses more partitions than an MBR has, and takes as many', () => {
    expect(() => plan({ style: 'mbr' })).toThrow(
      expect.objectContaining({
        code: 'DISK_NOT_CHOSEN',
        message: 'an MBR disk has 4 partitions: 3 are asked, and the medium has 2',
      }),
    );
    const alone = { ...DATA, fileSystem: 'fat32' as const };
    expect(plan({ style: 'mbr', partitions: [alone] }).moves).toHaveLength(1);
  });

  it('refuses a FAT32 volume that Windows does not make', () => {
    const partitions = [{ ...DATA, fileSystem: 'fat32' as const, bytes: 32 * GIB + MIB }];
    expect(() => plan({ partitions, diskBytes: 200 * GIB })).toThrow(
      expect.objectContaining({ code: 'DISK_NOT_CHOSEN' }),
    );
  });
});
