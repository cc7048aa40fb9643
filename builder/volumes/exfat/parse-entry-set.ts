import {
  ALLOCATION_POSSIBLE,
  AT,
  ENTRY,
  ENTRY_BYTES,
  FOLDER,
  NAME_UNITS_PER_ENTRY,
  NO_FAT_CHAIN,
  setChecksum,
} from './entry-set.ts';
import { corrupt } from './errors.ts';
import type { UpcaseTable } from './upcase-table.ts';

/** What an entry says of clusters. */
export type Allocation = { first: number; bytes: number; contiguous: boolean };
export type ParsedEntrySet = {
  name: string;
  kind: 'file' | 'folder';
  content: Allocation;
  /** Clusters that entries of others have. */
  others: Allocation[];
};

/** A file's or folder's entries. `MEDIUM_CORRUPT` where checksum, hash or number of entries is wrong. */
export function parseEntrySet(set: Buffer, where: string, upcase: UpcaseTable): ParsedEntrySet {
  if (setChecksum(set) !== set.readUInt16LE(AT.checksum)) throw corrupt(`${where} has entries with a wrong checksum`);
  const units = set[AT.nameLength] ?? 0;
  const names = Math.ceil(units / NAME_UNITS_PER_ENTRY);
  const rest = entriesOf(set).slice(2 + names);
  const complete =
    set[ENTRY_BYTES] === ENTRY.stream &&
    names > 0 &&
    entriesOf(set)
      .slice(2, 2 + names)
      .every((entry) => entry[0] === ENTRY.name) &&
    set.length >= AT.names + names * ENTRY_BYTES &&
    rest.every((entry) => ((entry[0] ?? 0) & ENTRY.benign) !== 0);
  if (!complete) throw corrupt(`${where} has a file whose entries do not belong together`);
  const name = nameIn(set, units);
  if (upcase.hash(name) !== set.readUInt16LE(AT.nameHash) || name === '.' || name === '..' || /[/\0]/.test(name)) {
    throw corrupt(`${where} has a file whose name cannot be right`);
  }
  const content = secondaryAllocation(set.subarray(ENTRY_BYTES, 2 * ENTRY_BYTES));
  if (!content || set.readBigUInt64LE(AT.validBytes) > set.readBigUInt64LE(AT.bytes)) {
    throw corrupt(`${where}${name} has more content than it has room`);
  }
  const kind = set.readUInt16LE(AT.attributes) & FOLDER ? 'folder' : 'file';
  return { name, kind, content, others: rest.flatMap((entry) => secondaryAllocation(entry) ?? []) };
}

/** What a benign primary entry that is not known here, and those that belong to it, say of clusters. */
export function otherAllocations(set: Buffer): Allocation[] {
  return entriesOf(set).flatMap(
    (entry, at) => (at === 0 ? allocation(entry, entry.readUInt16LE(4)) : secondaryAllocation(entry)) ?? [],
  );
}

function secondaryAllocation(entry: Buffer): Allocation | undefined {
  return allocation(entry, entry[1] ?? 0);
}

function allocation(entry: Buffer, flags: number): Allocation | undefined {
  if (!(flags & ALLOCATION_POSSIBLE)) return undefined;
  return {
    first: entry.readUInt32LE(20),
    bytes: Number(entry.readBigUInt64LE(24)),
    contiguous: (flags & NO_FAT_CHAIN) !== 0,
  };
}

function nameIn(set: Buffer, units: number): string {
  const parts = entriesOf(set)
    .slice(2)
    .map((entry) => entry.toString('utf16le', 2));
  return parts.join('').slice(0, units);
}

function entriesOf(set: Buffer): Buffer[] {
  return Array.from({ length: set.length / ENTRY_BYTES }, (_, at) =>
    set.subarray(at * ENTRY_BYTES, (at + 1) * ENTRY_BYTES),
  );
}
