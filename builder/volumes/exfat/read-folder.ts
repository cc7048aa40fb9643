import { type ClusterMap, extentsOf } from '../shared/clusters.ts';
import { addRead, newFolder } from '../shared/tree.ts';
import type { ReadAt } from '../volume.ts';
import { claim } from './claim.ts';
import { ENTRY } from './entry-set.ts';
import { type EntrySet, entrySets } from './entry-sets.ts';
import { corrupt } from './errors.ts';
import type { Layout } from './layout.ts';
import { otherAllocations, parseEntrySet } from './parse-entry-set.ts';
import { readBytes } from './read-bytes.ts';
import type { UpcaseTable } from './upcase-table.ts';
import type { Folder } from './volume-tree.ts';

/** The exFAT specification's limit. */
const LARGEST_FOLDER_BYTES = 256 * 1024 ** 2;

type Volume = { read: ReadAt; layout: Layout; fat: Buffer; used: ClusterMap; upcase: UpcaseTable };

/** Adds to a folder what its entries say, and what is below it. Every cluster is taken once, so no folder can be in itself. */
export async function readFolder(
  folder: Folder,
  sets: readonly EntrySet[],
  path: string,
  volume: Volume,
): Promise<void> {
  for (const set of sets) {
    if (set.type !== ENTRY.file) continue;
    const parsed = parseEntrySet(set.bytes, path === '' ? 'its root folder' : path, volume.upcase);
    const { name, kind, content } = parsed;
    const at = `${path}${name}`;
    const runs = claim(content, volume, at);
    const others = parsed.others.flatMap((allocation) => claim(allocation, volume, at));
    const data = { set: set.bytes, bytes: content.bytes, runs, others };
    if (kind === 'file') {
      addRead(folder, { kind, name, data });
      continue;
    }
    if (content.bytes > LARGEST_FOLDER_BYTES) throw corrupt(`${at} is too large for a folder`);
    const below = entrySets(await readBytes(volume.read, extentsOf(runs, content.bytes, volume.layout)), at);
    const entries = below.filter(({ type }) => type !== ENTRY.file);
    if (entries.some(({ type }) => !(type & ENTRY.benign))) throw corrupt(`${at} has entries of a root folder`);
    const theirs = entries.flatMap((entry) => otherAllocations(entry.bytes));
    const child: Folder = newFolder(name, {
      ...data,
      others: [...others, ...theirs.flatMap((allocation) => claim(allocation, volume, at))],
      entries: entries.map(({ bytes }) => bytes),
    });
    addRead(folder, child);
    await readFolder(child, below, `${at}/`, volume);
  }
}
