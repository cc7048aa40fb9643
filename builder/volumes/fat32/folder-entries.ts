import { namesNotAllowed } from '../shared/names.ts';
import { foldersOf, type TreeNode } from '../shared/tree.ts';
import { ATTRIBUTES, newEntries, shortNameOf, withShortName } from './entries.ts';
import { ENTRY } from './long-names.ts';
import { ownShortName, type ShortName, ShortNames } from './short-names.ts';
import type { FatFile, FatFolder, FatFolderPlace } from './tree.ts';

type Node = TreeNode<FatFile, FatFolderPlace>;

/** A folder as it will be: the entries of what it holds, which have no places yet. */
export type FolderEntries = {
  folder: FatFolder;
  /** The folder that holds it and the entries it has there; none for the root. */
  above: { folder: FatFolder; entries: Buffer } | undefined;
  named: { node: Node; entries: Buffer }[];
  bytes: number;
};

const LARGEST_FOLDER = 65_536 * ENTRY;

/** Every folder of a tree, parents first. New entries get this time. `NAME_NOT_ALLOWED` for a folder that is too full. */
export function entriesOfFolders(root: FatFolder, seconds: number): FolderEntries[] {
  const above = new Map<FatFolder, FolderEntries['above']>();
  return [...foldersOf(root)].map((folder) => {
    const named = entriesOf(folder, seconds);
    for (const { node, entries } of named) if (node.kind === 'folder') above.set(node, { folder, entries });
    // Two more: the label in the root, "." and ".." elsewhere.
    const bytes = named.reduce((sum, { entries }) => sum + entries.length, 2 * ENTRY);
    if (bytes > LARGEST_FOLDER) throw namesNotAllowed([`${folder.name}: more names than a folder of FAT32 holds`]);
    return { folder, above: above.get(folder), named, bytes };
  });
}

/**
 * Names that are short names have theirs; then those that are there keep the ones they have, unless one of the first
 * took it; then the others get one.
 */
function entriesOf(folder: FatFolder, seconds: number): FolderEntries['named'] {
  const names = new ShortNames();
  const nodes = [...folder.children.values()];
  const own = new Map<Node, ShortName>();
  for (const node of nodes) {
    const short = node.data?.entries ? undefined : ownShortName(node.name);
    if (short && names.take(short.bytes)) own.set(node, short);
  }
  const kept = new Set<Node>();
  for (const node of nodes) {
    if (node.data?.entries && names.take(shortNameOf(node.data.entries))) kept.add(node);
  }
  return nodes.map((node) => {
    const there = node.data?.entries;
    if (there)
      return { node, entries: kept.has(node) ? there : withShortName(there, node.name, names.make(node.name)) };
    const short = own.get(node) ?? { bytes: names.make(node.name), flags: 0, whole: false };
    const attributes = node.kind === 'folder' ? ATTRIBUTES.folder : ATTRIBUTES.archive;
    return { node, entries: newEntries(node.name, short, attributes, seconds) };
  });
}
