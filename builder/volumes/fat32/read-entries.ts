import { ATTRIBUTES, SHORT_NAME } from './entries.ts';
import { ENTRY, LONG_NAME, LongNameReader } from './long-names.ts';
import { decodeOem } from './oem-text.ts';

/** A file or folder as its folder tells of it. */
export type ReadEntry = {
  name: string;
  /** Its long name's entries and its own, as they lie there. */
  entries: Buffer;
  folder: boolean;
  /** Its first cluster; 0 for none. */
  cluster: number;
  bytes: number;
};

const DELETED = 0xe5;
/** Stands for 0xE5 at the start of a name, which would mean a deleted one. */
const ESCAPED = 0x05;
const SMALL_BASE = 0x08;
const SMALL_EXTENSION = 0x10;

/** What a folder holds, without its own two entries, and the entry of a volume's label. */
export function readEntries(folder: Buffer): { found: ReadEntry[]; label: Buffer | undefined } {
  const found: ReadEntry[] = [];
  const longName = new LongNameReader();
  let label: Buffer | undefined;
  let start = 0;
  for (let at = 0; at + ENTRY <= folder.length; at += ENTRY) {
    const entry = folder.subarray(at, at + ENTRY);
    const first = entry.readUInt8(0);
    const attributes = entry.readUInt8(11);
    if (first === 0) break;
    if (first !== DELETED && (attributes & 0x3f) === LONG_NAME) {
      // The end of a name comes first: here its entries begin.
      if (first & 0x40) start = at;
      longName.add(entry);
      continue;
    }
    if (first === DELETED || attributes & ATTRIBUTES.label) {
      if (first !== DELETED) label ??= entry;
      longName.reset();
      continue;
    }
    const long = longName.take(entry.subarray(0, SHORT_NAME));
    const usable = long !== undefined && isUsable(long);
    const name = usable ? long : shortText(entry);
    if (name === '.' || name === '..') continue;
    found.push({
      name,
      entries: usable ? folder.subarray(start, at + ENTRY) : entry,
      folder: (attributes & ATTRIBUTES.folder) !== 0,
      cluster: ((entry.readUInt16LE(20) << 16) | entry.readUInt16LE(26)) & 0x0fffffff,
      bytes: entry.readUInt32LE(28),
    });
  }
  return { found, label };
}

/** Whether a name can be part of a path. */
export function isUsable(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);
}

function shortText(entry: Buffer): string {
  const bytes = Buffer.from(entry.subarray(0, SHORT_NAME));
  if (bytes[0] === ESCAPED) bytes[0] = DELETED;
  const flags = entry.readUInt8(12);
  const base = part(bytes.subarray(0, 8), (flags & SMALL_BASE) !== 0);
  const extension = part(bytes.subarray(8), (flags & SMALL_EXTENSION) !== 0);
  return extension === '' ? base : `${base}.${extension}`;
}

function part(bytes: Buffer, small: boolean): string {
  const text = decodeOem(bytes).trimEnd();
  return small ? text.toLowerCase() : text;
}
