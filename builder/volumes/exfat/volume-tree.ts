import { ClusterMap, type Run } from '../shared/clusters.ts';
import { filesOf, foldersOf, type TreeFolder, type TreeNode } from '../shared/tree.ts';

/** A file's entries and its content. */
export type FileData = {
  set: Buffer;
  bytes: number;
  runs: readonly Run[];
  /** Clusters that entries of others have in the set. */
  others: readonly Run[];
};
/** A folder's entries in its parent (none for the root folder), its content, and the entries in it that are no files. */
export type FolderData = FileData & { entries: readonly Buffer[] };
export type Folder = TreeFolder<FileData, FolderData>;
type Node = TreeNode<FileData, FolderData>;

/** The clusters that a tree uses, and those that must not be used. */
export function usedBy(root: Folder, clusterCount: number, bad: readonly number[]): ClusterMap {
  const used = new ClusterMap(clusterCount);
  for (const cluster of bad) used.add(cluster);
  for (const { data } of foldersOf(root)) if (data) add(data);
  for (const [, { data }] of filesOf(root)) add(data);
  return used;

  function add({ runs, others }: FileData): void {
    for (const { first, count } of [...runs, ...others]) {
      for (let cluster = first; cluster < first + count; cluster++) used.add(cluster);
    }
  }
}

/** The folders of `after` that need not be written again: nothing in them or below them differs from `before`. */
export function unchangedFolders(before: Folder, after: Folder): Set<Folder> {
  const unchanged = new Set<Folder>();
  isUnchanged(before, after);
  return unchanged;

  function isUnchanged(old: Node | undefined, node: Node): boolean {
    if (node.kind === 'file' || old?.kind !== 'folder') return old?.data === node.data;
    const children = [...node.children].map(([key, child]) => isUnchanged(old.children.get(key), child));
    const same = old.children.size === node.children.size && children.every(Boolean) && old.data === node.data;
    if (same) unchanged.add(node);
    return same;
  }
}

/** What a boot sector says of the room that is taken. */
export function percentOf({ used, count }: ClusterMap): number {
  return Math.floor((used * 100) / count);
}
