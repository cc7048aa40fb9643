import type { Run } from '../shared/clusters.ts';
import { checksum32 } from './checksum.ts';
import { ENTRY, ENTRY_BYTES } from './entry-set.ts';

const LABEL_UNITS = 11;

/** The label of a volume; without one an entry that is not in use keeps its place. */
export function labelEntry(label: string): Buffer {
  const entry = Buffer.alloc(ENTRY_BYTES);
  const units = label.slice(0, LABEL_UNITS);
  entry[0] = units === '' ? ENTRY.label & ~ENTRY.inUse : ENTRY.label;
  entry[1] = units.length;
  entry.write(units, 2, 'utf16le');
  return entry;
}

export function parseLabel(entry: Buffer): string {
  return entry.toString('utf16le', 2, 2 + 2 * Math.min(entry[1] ?? 0, LABEL_UNITS));
}

export function bitmapEntry(run: Run, bytes: number): Buffer {
  return systemEntry(ENTRY.bitmap, run, bytes);
}

export function upcaseEntry(run: Run, table: Buffer): Buffer {
  const entry = systemEntry(ENTRY.upcase, run, table.length);
  entry.writeUInt32LE(checksum32(table), 4);
  return entry;
}

/** Of an up-case table's entry: what {@link checksum32} says of the table. */
export function tableChecksum(entry: Buffer): number {
  return entry.readUInt32LE(4);
}

/** Where the bitmap or the up-case table starts, and how long it is. */
export function parseSystemEntry(entry: Buffer): { first: number; bytes: number } {
  return { first: entry.readUInt32LE(20), bytes: Number(entry.readBigUInt64LE(24)) };
}

function systemEntry(type: number, { first }: Run, bytes: number): Buffer {
  const entry = Buffer.alloc(ENTRY_BYTES);
  entry[0] = type;
  entry.writeUInt32LE(first, 20);
  entry.writeBigUInt64LE(BigInt(bytes), 24);
  return entry;
}
