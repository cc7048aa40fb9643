import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { walk } from '../walk.ts';
import { type SourceTree, sourceTree } from './source-tree.ts';

/** The files of a folder, read where they lie. */
export async function folderTree(folder: string): Promise<SourceTree> {
  const files: { path: string; bytes: number }[] = [];
  for await (const entry of walk(folder)) {
    const path = join(entry.parentPath, entry.name);
    const kind = entry.isFile() || entry.isSymbolicLink() ? await stat(path).catch(() => undefined) : undefined;
    if (kind?.isFile()) files.push({ path: relative(folder, path), bytes: kind.size });
  }
  return sourceTree(folder, files, folder);
}
