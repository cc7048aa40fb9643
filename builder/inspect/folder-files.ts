import { join } from 'node:path';
import { folderTree } from '../sources/folder-tree.ts';
import { type MediumFiles, placedFiles } from './medium-files.ts';

/** A PXE tree, or the mount point of a stick or of a disc. */
export async function folderFiles(folder: string): Promise<MediumFiles> {
  const tree = await folderTree(folder);
  const places = tree
    .files()
    .sort()
    .map((path) => [path, { file: join(folder, path), parts: [{ offset: 0, bytes: tree.size(path) }] }] as const);
  return placedFiles(new Map(places), { path: folder, kind: 'folder' });
}
