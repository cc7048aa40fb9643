import { describe, expect, it } from 'vitest';
import { contentRoom, roomBytes } from '../../../../runtime/platform/content-room.ts';
import { formatArgv } from '../../../../runtime/platform/linux/partition.ts';
import type { PartitionTable } from '../../../../runtime/platform/partition-table.ts';
import type { TargetVolume } from '../../../../runtime/platform/platform.ts';

const MIB = 1024 ** 2;

function table(...mib: readonly [role: 'system' | 'primary' | 'recovery', size: number][]): PartitionTable {
  const partitions = mib.map(([role, size], index) => ({
    ...{ role, name: `v${index}`, startBytes: MIB, bytes: size * MIB, active: false },
    fileSystem: role === 'system' ? ('fat32' as const) : ('ntfs' as const),
  }));
  return { style: 'gpt', identity: '', partitions };
}

describe('the room for content', () => {
  it('is the end of the largest volume that is neither for starting nor for recovery', () => {
    const disk = table(['system', 9000], ['primary', 1000], ['primary', 5000], ['recovery', 9000]);
    const { volume, offsetBytes } = contentRoom(disk, 1000 * MIB);
    expect([volume, offsetBytes % MIB]).toEqual([3, 0]);
    expect(5000 * MIB - offsetBytes).toBe(roomBytes(1000 * MIB));
    expect(roomBytes(1000 * MIB)).toBeGreaterThan(1080 * MIB);
  });

  it('is refused, with the sums, where too little of the volume would be left', () => {
    const room = roomBytes(MIB) / MIB;
    expect(contentRoom(table(['primary', room + 256]), MIB).offsetBytes).toBe(256 * MIB);
    for (const disk of [table(['primary', room + 255]), table(['recovery', 9000])])
      expect(() => contentRoom(disk, MIB)).toThrow(
        expect.objectContaining({ code: 'VOLUME_TOO_SMALL', lines: ['content: 1.0 MB', expect.any(String)] }),
      );
  });

  it('has the number that Linux gives a logical volume', () => {
    const [system, data] = table(['system', 100], ['primary', 5000]).partitions;
    if (system === undefined || data === undefined) throw new Error('two partitions');
    const inside = { ...data, startBytes: 102 * MIB, logical: true as const };
    const extended = { startBytes: 101 * MIB, bytes: 5001 * MIB };
    const disk: PartitionTable = { style: 'mbr', identity: '', partitions: [system, inside], extended };
    expect(contentRoom(disk, MIB).volume).toBe(5);
  });

  it('is left out when its volume is formatted, and when it is formatted anew', () => {
    const volume: TargetVolume = {
      ...{ name: 'Windows', role: 'primary', device: '/dev/sda3', number: 3, startBytes: MIB, bytes: 9 * MIB },
      fileSystem: 'ntfs',
    };
    expect(formatArgv(volume, 512, { volume: 3, offsetBytes: 4 * MIB })?.slice(-2)).toEqual(['/dev/sda3', '8192']);
    expect(formatArgv(volume, 4096, { volume: 3, offsetBytes: 4 * MIB })?.at(-1)).toBe('1024');
    expect(formatArgv(volume, 512, { volume: 2, offsetBytes: 4 * MIB })?.at(-1)).toBe('/dev/sda3');
  });
});
