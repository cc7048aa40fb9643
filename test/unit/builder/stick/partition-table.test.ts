import { describe, expect, it } from 'vitest';
import {
  GPT_FIRST_USABLE,
  partitionTable,
  readPartitionTable,
  SECTOR,
  type StickPartition,
} from '../../../../builder/stick/partition-table.ts';
import { stickIdentity } from '../../../../builder/stick/stick-identity.ts';
import { MEDIUM_ID } from '../../../helpers/folder-medium.ts';

const SECTORS = 1_000_000;
const PARTITIONS: readonly StickPartition[] = [
  { role: 'data', fileSystem: 'exfat', start: 2048, sectors: 800_000 },
  { role: 'boot', fileSystem: 'fat32', start: 802_048, sectors: 100_000 },
];
const CORE: StickPartition = { role: 'core', fileSystem: 'none', start: 40, sectors: 2008 };

/** The stick's first sectors after all writes of a table. */
function startOf(...given: Parameters<typeof partitionTable>): Buffer {
  const { first, last } = partitionTable(...given);
  const start = Buffer.alloc(GPT_FIRST_USABLE * SECTOR);
  for (const { offset, data } of [...first, last]) if (offset < start.length) start.set(data, offset);
  return start;
}

describe('the partition table of a stick', () => {
  const identity = stickIdentity(MEDIUM_ID);
  const wishes = { sectors: SECTORS, identity, bootCode: undefined };

  it('is found again as it was written', () => {
    const places = PARTITIONS.map(({ start, sectors }) => ({ start, sectors }));
    expect(readPartitionTable(startOf('mbr', PARTITIONS, wishes))).toEqual({ table: 'mbr', partitions: places });
    expect(readPartitionTable(startOf('gpt', [...PARTITIONS, CORE], wishes))).toEqual({
      table: 'gpt',
      partitions: places,
    });
  });

  it('makes the volume active that a BIOS starts from', () => {
    const start = startOf('mbr', PARTITIONS, wishes);
    expect([start[446], start[450], start[462], start[466]]).toEqual([0, 0x07, 0x80, 0x0c]);
  });

  it('keeps its signature and the code of a BIOS apart', () => {
    const start = startOf('mbr', PARTITIONS, { ...wishes, bootCode: Buffer.alloc(446, 0xcc) });
    expect(start[439]).toBe(0xcc);
    expect(start.readUInt32LE(440)).toBe(identity.diskSignature);
  });

  it('of a single volume is plain data on a stick, and what firmware wants on a fixed disk', () => {
    const single = PARTITIONS.filter(({ role }) => role === 'boot');
    const typeOf = (fixed: boolean): string =>
      startOf('gpt', single, { ...wishes, fixed }).toString('hex', 2 * SECTOR, 2 * SECTOR + 4);
    expect([typeOf(false), typeOf(true)]).toEqual(['a2a0d0eb', '28732ac1']);
  });

  it('begins with a sector that is written last', () => {
    for (const table of ['mbr', 'gpt'] as const) {
      const { first, last } = partitionTable(table, PARTITIONS, wishes);
      expect(last.offset).toBe(0);
      expect(first.every(({ offset }) => offset > 0)).toBe(true);
    }
  });

  it.each([
    ['a header', SECTOR + 24],
    ['an entry', 2 * SECTOR + 32],
  ])('is not believed when a byte of %s has changed', (_, at) => {
    const start = startOf('gpt', PARTITIONS, wishes);
    start[at] = (start[at] ?? 0) ^ 1;
    expect(readPartitionTable(start)).toBeUndefined();
  });

  it('is none where there is no signature, or too little to read', () => {
    expect(readPartitionTable(Buffer.alloc(GPT_FIRST_USABLE * SECTOR))).toBeUndefined();
    expect(readPartitionTable(Buffer.alloc(100))).toBeUndefined();
  });
});
