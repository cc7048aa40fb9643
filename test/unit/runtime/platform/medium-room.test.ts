import { describe, expect, it } from 'vitest';
import { withMediumRoom } from '../../../../runtime/platform/medium-room.ts';
import type { PartitionTable } from '../../../../runtime/platform/partition-table.ts';

const MIB = 1024 ** 2;

/** Volumes one behind the other, in MiB. */
function table(...mib: readonly [role: 'system' | 'primary' | 'recovery', size: number][]): PartitionTable {
  let startBytes = MIB;
  const partitions = mib.map(([role, size], index) => {
    const bytes = size * MIB;
    const fileSystem = role === 'system' ? ('fat32' as const) : ('ntfs' as const);
    const partition = { role, name: `v${index}`, startBytes, bytes, active: false, fileSystem };
    startBytes += bytes;
    return partition;
  });
  return { style: 'gpt', identity: '', partitions };
}

describe('the room of a prestaged medium', () => {
  it('is the end of the largest volume, which ends before it; the others stay where they are', () => {
    const planned = table(['system', 9000], ['primary', 1000], ['primary', 5000], ['recovery', 9000]);
    const { table: shared, room } = withMediumRoom(planned, 700 * MIB);
    expect(room).toEqual({ volume: 3, startBytes: (1 + 9000 + 1000 + 4300) * MIB, bytes: 700 * MIB });
    expect(shared.partitions[2]).toEqual({ ...planned.partitions[2], bytes: 4300 * MIB });
    for (const index of [0, 1, 3]) expect(shared.partitions[index]).toEqual(planned.partitions[index]);
  });

  it('is refused where too little would be left, or nothing could grow over it', () => {
    expect(withMediumRoom(table(['primary', 356]), 100 * MIB).room.startBytes).toBe(257 * MIB);
    for (const disk of [table(['primary', 355]), table(['recovery', 9000]), table(['system', 9000])])
      expect(() => withMediumRoom(disk, 100 * MIB)).toThrow(expect.objectContaining({ code: 'VOLUME_TOO_SMALL' }));
  });

  it('is refused on a disk with an extended partition', () => {
    const disk = { ...table(['primary', 5000]), extended: { startBytes: 5001 * MIB, bytes: 10 * MIB } };
    expect(() => withMediumRoom(disk, MIB)).toThrow(
      expect.objectContaining({ code: 'SEQUENCE_INVALID', hint: expect.stringContaining('Nothing was changed') }),
    );
  });
});
