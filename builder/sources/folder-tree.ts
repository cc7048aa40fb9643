import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type SourceTree, sourceTree } from './source-tree.ts';

/** The files of a folder, read where they lie. */
export async function folderTree(folder: string): Promise<SourceTree> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        const kind = await stat(path).catch(() => undefined);
        return kind?.isFile() ? [{ path: relative(folder, path), bytes: kind.size }] : [];
      }),
  );
  return sourceTree(folder, files.flat(), folder);
}
