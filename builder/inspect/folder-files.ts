import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFile } from '../hash.ts';
import { folderTree } from '../sources/folder-tree.ts';
import { finder, type MediumFiles } from './medium-files.ts';

/** A PXE tree, or the mount point of a stick or of a disc. */
export async function folderFiles(folder: string): Promise<MediumFiles> {
  const tree = await folderTree(folder);
  const files = tree
    .files()
    .sort()
    .map((path) => ({ path, bytes: tree.size(path) }));
  return {
    path: folder,
    kind: 'folder',
    files,
    startsUnder: [],
    hiddenImages: [],
    find: finder(files),
    read: async (path, limit = tree.size(path)) => {
      await using file = await open(join(folder, path), 'r');
      const { buffer, bytesRead } = await file.read(Buffer.alloc(limit), 0, limit, 0);
      return buffer.subarray(0, bytesRead);
    },
    hash: (path, options) => hashFile(join(folder, path), options),
  };
}
