import { ENTRY, ENTRY_BYTES } from './entry-set.ts';
import { corrupt } from './errors.ts';

/** Entries that belong together, the primary one first. */
export type EntrySet = { type: number; bytes: Buffer };

/**
 * What is in use of a folder's entries. A secondary entry belongs to the primary one before it; how many a file has is
 * checked. `MEDIUM_CORRUPT` where a file's are not all there, or an entry must be understood that is not known here.
 */
export function entrySets(folder: Buffer, where: string): EntrySet[] {
  const sets: EntrySet[] = [];
  for (let at = 0; at + ENTRY_BYTES <= folder.length && folder[at] !== ENTRY.end; ) {
    const type = folder[at] ?? 0;
    const start = at;
    at += ENTRY_BYTES;
    if (!(type & ENTRY.inUse)) continue;
    if (!isKnown(type)) throw corrupt(`${where} has an unknown entry of type 0x${type.toString(16)}`);
    while (at < folder.length && isSecondary(folder[at] ?? 0)) at += ENTRY_BYTES;
    const bytes = folder.subarray(start, at);
    if (type === ENTRY.file && (bytes[1] ?? 0) !== bytes.length / ENTRY_BYTES - 1) {
      throw corrupt(`${where} has a file whose entries are not all there`);
    }
    sets.push({ type, bytes });
  }
  return sets;
}

function isSecondary(type: number): boolean {
  return (type & ENTRY.inUse) !== 0 && (type & ENTRY.secondary) !== 0;
}

const PRIMARY: readonly number[] = [ENTRY.bitmap, ENTRY.upcase, ENTRY.label, ENTRY.file];

function isKnown(type: number): boolean {
  return PRIMARY.includes(type) || (!isSecondary(type) && (type & ENTRY.benign) !== 0);
}
