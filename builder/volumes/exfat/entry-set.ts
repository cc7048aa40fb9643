import type { Run } from '../shared/clusters.ts';
import { checksum16 } from './checksum.ts';
import { timestamp, UTC_OFFSET } from './timestamp.ts';
import type { UpcaseTable } from './upcase-table.ts';

export const ENTRY_BYTES = 32;
export const NAME_UNITS_PER_ENTRY = 15;
/** An entry in use has bit 7; bit 6 makes it a secondary one, bit 5 a benign one, which others may keep without knowing it. */
export const ENTRY = {
  end: 0x00,
  inUse: 0x80,
  secondary: 0x40,
  benign: 0x20,
  bitmap: 0x81,
  upcase: 0x82,
  label: 0x83,
  file: 0x85,
  stream: 0xc0,
  name: 0xc1,
} as const;
/** Bits of GeneralSecondaryFlags. */
export const ALLOCATION_POSSIBLE = 0x01;
export const NO_FAT_CHAIN = 0x02;
/** Bits of FileAttributes. */
export const FOLDER = 0x10;
const ARCHIVE = 0x20;

/** Where the entries of a set keep what is read from them and changed in them, in bytes from the set's start. */
export const AT = {
  secondaryCount: 1,
  checksum: 2,
  attributes: 4,
  flags: ENTRY_BYTES + 1,
  nameLength: ENTRY_BYTES + 3,
  nameHash: ENTRY_BYTES + 4,
  validBytes: ENTRY_BYTES + 8,
  firstCluster: ENTRY_BYTES + 20,
  bytes: ENTRY_BYTES + 24,
  names: 2 * ENTRY_BYTES,
} as const;

/** The entries of a new file or folder without content: File, Stream Extension and File Names. */
export function newEntrySet(name: string, kind: 'file' | 'folder', time: number, upcase: UpcaseTable): Buffer {
  const names = Math.ceil(name.length / NAME_UNITS_PER_ENTRY);
  const set = Buffer.alloc(AT.names + names * ENTRY_BYTES);
  set[0] = ENTRY.file;
  set[AT.secondaryCount] = 1 + names;
  set.writeUInt16LE(kind === 'folder' ? FOLDER : ARCHIVE, AT.attributes);
  writeTimes(set, time);
  set[ENTRY_BYTES] = ENTRY.stream;
  set[AT.nameLength] = name.length;
  set.writeUInt16LE(upcase.hash(name), AT.nameHash);
  for (let entry = 0; entry < names; entry++) {
    const at = AT.names + entry * ENTRY_BYTES;
    set[at] = ENTRY.name;
    set.write(name.slice(entry * NAME_UNITS_PER_ENTRY, (entry + 1) * NAME_UNITS_PER_ENTRY), at + 2, 'utf16le');
  }
  return withContent(set, [], 0);
}

/** The set with content elsewhere; whatever else is in it stays. Clusters one after another need no chain in the FAT. */
export function withContent(set: Buffer, runs: readonly Run[], bytes: number): Buffer {
  const changed = Buffer.from(set);
  changed[AT.flags] = ALLOCATION_POSSIBLE | (runs.length === 1 ? NO_FAT_CHAIN : 0);
  changed.writeUInt32LE(runs[0]?.first ?? 0, AT.firstCluster);
  changed.writeBigUInt64LE(BigInt(bytes), AT.validBytes);
  changed.writeBigUInt64LE(BigInt(bytes), AT.bytes);
  changed.writeUInt16LE(setChecksum(changed), AT.checksum);
  return changed;
}

export function setChecksum(set: Buffer): number {
  return checksum16(set, [AT.checksum, AT.checksum + 1]);
}

function writeTimes(set: Buffer, time: number): void {
  const { doubleSeconds, hundredths } = timestamp(time);
  for (const at of [8, 12, 16]) set.writeUInt32LE(doubleSeconds, at);
  for (const at of [20, 21]) set[at] = hundredths;
  for (const at of [22, 23, 24]) set[at] = UTC_OFFSET;
}
