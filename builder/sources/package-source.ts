import { readdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { archiveTree } from './archive-tree.ts';
import type { SourceContext } from './source-tree.ts';

/** The folder of a content package: the one that was named, or what an archive holds, unpacked. */
export async function packageFolder(source: string, context: SourceContext): Promise<string> {
  const kind = await stat(source).catch(() => undefined);
  if (kind?.isFile() !== true) return source;
  const folder = await (await archiveTree(source, context)).folder();
  await pinFolderTimes(folder);
  return folder;
}

/** Folders that were unpacked have the time of the unpacking; they get that of the newest thing in them. */
async function pinFolderTimes(folder: string): Promise<Date> {
  let newest = new Date(0);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const time = entry.isDirectory() ? await pinFolderTimes(path) : (await stat(path)).mtime;
    if (time > newest) newest = time;
  }
  await utimes(folder, newest, newest);
  return newest;
}
