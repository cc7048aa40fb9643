import { caseKey, namesNotAllowed } from './names.ts';

/** A file of a tree; `data` is what its format keeps of it. */
export type TreeFile<F> = { kind: 'file'; name: string; data: F };
/** A folder of a tree; `data` is what its format keeps of one that is there, none for a new one. */
export type TreeFolder<F, D> = {
  kind: 'folder';
  name: string;
  data: D | undefined;
  children: Map<string, TreeNode<F, D>>;
};
export type TreeNode<F, D> = TreeFile<F> | TreeFolder<F, D>;

export function newFolder<F, D>(name: string, data?: D): TreeFolder<F, D> {
  return { kind: 'folder', name, data, children: new Map() };
}

/** Adds what was read from a volume: nothing is lost where it has two names that differ only in case. */
export function addRead<F, D>(folder: TreeFolder<F, D>, node: TreeNode<F, D>): void {
  let key = caseKey(node.name);
  while (folder.children.has(key)) key += '/';
  folder.children.set(key, node);
}

/** A copy whose folders can be changed; what files and folders keep is shared. */
export function copyTree<F, D>(folder: TreeFolder<F, D>): TreeFolder<F, D> {
  const children = [...folder.children].map(([key, node]): [string, TreeNode<F, D>] => [
    key,
    node.kind === 'folder' ? copyTree(node) : node,
  ]);
  return { ...folder, children: new Map(children) };
}

/** Removes a file and the folders that it leaves empty; nothing where there is no such file. */
export function removeFile<F, D>(root: TreeFolder<F, D>, path: string): void {
  const [name, ...parents] = path.split('/').reverse();
  const folders = [root];
  for (const parent of parents.reverse()) {
    const folder = folders.at(-1)?.children.get(caseKey(parent));
    if (folder?.kind !== 'folder') return;
    folders.push(folder);
  }
  const key = caseKey(name ?? '');
  if (folders.at(-1)?.children.get(key)?.kind !== 'file') return;
  folders.at(-1)?.children.delete(key);
  for (let depth = folders.length - 1; depth > 0 && folders[depth]?.children.size === 0; depth--) {
    folders[depth - 1]?.children.delete(caseKey(folders[depth]?.name ?? ''));
  }
}

/**
 * Puts a file in its place, in the place of one of that name, with the folders it needs; folders that are there keep
 * their spelling. `NAME_NOT_ALLOWED` where a folder stands in the place of a file or a file in that of a folder.
 */
export function putFile<F, D>(root: TreeFolder<F, D>, path: string, data: F): void {
  const names = path.split('/');
  const name = names.pop() ?? '';
  let folder = root;
  for (const parent of names) {
    const next: TreeNode<F, D> = folder.children.get(caseKey(parent)) ?? newFolder<F, D>(parent);
    folder.children.set(caseKey(parent), next);
    if (next.kind === 'file') throw namesNotAllowed([`${path}: ${next.name} is a file on the volume`]);
    folder = next;
  }
  if (folder.children.get(caseKey(name))?.kind === 'folder') {
    throw namesNotAllowed([`${path}: a folder on the volume has this name`]);
  }
  folder.children.set(caseKey(name), { kind: 'file', name, data });
}

/** Every folder, parents before their children. */
export function* foldersOf<F, D>(root: TreeFolder<F, D>): Generator<TreeFolder<F, D>> {
  yield root;
  for (const node of root.children.values()) if (node.kind === 'folder') yield* foldersOf(node);
}

/** Every file with its path, as it is spelt. */
export function* filesOf<F, D>(folder: TreeFolder<F, D>, prefix = ''): Generator<[path: string, file: TreeFile<F>]> {
  for (const node of folder.children.values()) {
    if (node.kind === 'file') yield [`${prefix}${node.name}`, node];
    else yield* filesOf(node, `${prefix}${node.name}/`);
  }
}
