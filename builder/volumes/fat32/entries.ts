import { type DosTime, dosTime } from '../shared/dos-time.ts';
import { ENTRY, longNameEntries } from './long-names.ts';
import type { ShortName } from './short-names.ts';

export const SHORT_NAME = 11;
export const ATTRIBUTES = { label: 0x08, folder: 0x10, archive: 0x20 } as const;

const FLAGS = 12;

/** All entries of a new name: the long one where it is needed, and the short one, that has no place yet. */
export function newEntries(name: string, short: ShortName, attributes: number, seconds: number): Buffer {
  const entry = shortEntry(short.bytes, attributes, dosTime(seconds));
  if (short.whole) entry.writeUInt8(short.flags, FLAGS);
  return short.whole ? entry : Buffer.concat([longNameEntries(name, short.bytes), entry]);
}

/** The entries of a name that is there under another short one; attributes and times stay. */
export function withShortName(entries: Buffer, name: string, short: Buffer): Buffer {
  const entry = Buffer.from(entries.subarray(-ENTRY));
  entry.set(short);
  entry.writeUInt8(0, FLAGS);
  return Buffer.concat([longNameEntries(name, short), entry]);
}

/** A copy that leads to this cluster, 0 for none; a folder's size is 0. */
export function withPlace(entries: Buffer, cluster: number, bytes: number): Buffer {
  const placed = Buffer.from(entries);
  const at = placed.length - ENTRY;
  placed.writeUInt16LE(cluster >>> 16, at + 20);
  placed.writeUInt16LE(cluster & 0xffff, at + 26);
  placed.writeUInt32LE(bytes, at + 28);
  return placed;
}

export function labelEntry(label: Buffer, seconds: number): Buffer {
  return shortEntry(label, ATTRIBUTES.label, dosTime(seconds));
}

/** The first two of a folder, with its own times: itself, and the folder above it, 0 for the root. */
export function dotEntries(folder: Buffer, cluster: number, parent: number): Buffer {
  const own = folder.subarray(-ENTRY);
  const dots = [
    { name: '.', at: cluster },
    { name: '..', at: parent },
  ].map(({ name, at }) => {
    const entry = Buffer.from(own);
    entry.write(name.padEnd(SHORT_NAME), 0, 'latin1');
    entry.writeUInt8(ATTRIBUTES.folder, SHORT_NAME);
    entry.writeUInt8(0, FLAGS);
    return withPlace(entry, at, 0);
  });
  return Buffer.concat(dots);
}

/** The short name as it lies in an entry. */
export function shortNameOf(entries: Buffer): Buffer {
  return entries.subarray(-ENTRY).subarray(0, SHORT_NAME);
}

function shortEntry(name: Buffer, attributes: number, { date, time, hundredths }: DosTime): Buffer {
  const entry = Buffer.alloc(ENTRY);
  entry.set(name);
  entry.writeUInt8(attributes, SHORT_NAME);
  entry.writeUInt8(hundredths, 13);
  entry.writeUInt16LE(time, 14);
  entry.writeUInt16LE(date, 16);
  entry.writeUInt16LE(date, 18);
  entry.writeUInt16LE(time, 22);
  entry.writeUInt16LE(date, 24);
  return entry;
}
