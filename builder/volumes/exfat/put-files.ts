import { caseKey, checkPaths, namesNotAllowed } from '../shared/names.ts';
import { foldersOf, putFile } from '../shared/tree.ts';
import type { VolumeFile } from '../volume.ts';
import { newEntrySet } from './entry-set.ts';
import type { UpcaseTable } from './upcase-table.ts';
import type { FileData, Folder } from './volume-tree.ts';

/** Puts new files into a tree, with the folders they need. `NAME_NOT_ALLOWED` for what the volume cannot tell apart. */
export function putFiles(
  root: Folder,
  files: readonly VolumeFile[],
  { time, upcase }: { time: number; upcase: UpcaseTable },
): Map<string, FileData> {
  checkPaths(files.map(({ path }) => path));
  refuseTaken(root, files, upcase);
  const added = new Map<string, FileData>();
  for (const { path, bytes } of files) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const data: FileData = { set: newEntrySet(name, 'file', time, upcase), bytes, runs: [], others: [] };
    putFile(root, path, data);
    added.set(path, data);
  }
  for (const folder of foldersOf(root)) {
    const set = () => newEntrySet(folder.name, 'folder', time, upcase);
    folder.data ??= { set: set(), bytes: 0, runs: [], others: [], entries: [] };
  }
  refuseAlike(root, upcase);
  return added;
}

function refuseTaken(root: Folder, files: readonly VolumeFile[], upcase: UpcaseTable): void {
  const lines = files.flatMap(({ path }) => {
    const other = takenFor(root, path, upcase);
    return other === undefined ? [] : [`${path}: too much like ${other}`];
  });
  if (lines.length > 0) throw namesNotAllowed(lines);
}

/** The name that the tree takes for one of this path's, while the volume's own table keeps them apart. */
export function takenFor(root: Folder, path: string, upcase: UpcaseTable): string | undefined {
  let folder = root;
  for (const name of path.split('/')) {
    const node = folder.children.get(caseKey(name));
    if (node && upcase.upper(node.name) !== upcase.upper(name)) return node.name;
    if (node?.kind !== 'folder') return undefined;
    folder = node;
  }
  return undefined;
}

function refuseAlike(root: Folder, upcase: UpcaseTable): void {
  const lines: string[] = [];
  for (const folder of foldersOf(root)) {
    const seen = new Map<string, string>();
    for (const { name } of folder.children.values()) {
      const key = upcase.upper(name);
      const other = seen.get(key);
      if (other !== undefined) lines.push(`${name}: ${other} differs in nothing but case`);
      seen.set(key, name);
    }
  }
  if (lines.length > 0) throw namesNotAllowed(lines);
}
