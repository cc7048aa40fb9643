import { lutimes, mkdir, readlink, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { walk } from '../walk.ts';

/** Of everything that comes from a folder: what a checkout, a copy or a share has made of its times says nothing. */
export const FOLDER_TIME = new Date(Date.UTC(2026, 0, 1));

/**
 * Makes `folder` look like `source` with one time for everything: its folders and links, and holes in the place of files.
 * `link` makes each of these a link to its file. libwim takes times when it looks at a folder and contents when it writes:
 * in between the one becomes the other, and nothing is copied.
 */
export async function standInFolder(source: string, folder: string): Promise<{ link: () => Promise<void> }> {
  await mkdir(folder, { recursive: true });
  const made = [folder];
  const files: [path: string, file: string][] = [];
  for await (const entry of walk(source)) {
    const file = join(entry.parentPath, entry.name);
    const path = join(folder, relative(source, file));
    made.push(path);
    if (entry.isDirectory()) await mkdir(path);
    else if (entry.isSymbolicLink()) await symlink(await targetOf(file, source, folder), path);
    else {
      await writeFile(path, '', { flag: 'wx' });
      await truncate(path, (await stat(file)).size);
      files.push([path, file]);
    }
  }
  // A folder comes after what is in it.
  for (const path of made.reverse()) await lutimes(path, FOLDER_TIME, FOLDER_TIME);
  return {
    link: async () => {
      for (const [path, file] of files) {
        await rm(path);
        await symlink(resolve(file), path);
      }
    },
  };
}

/** What leads to a place in the package by its whole path leads to the same place. */
async function targetOf(link: string, source: string, folder: string): Promise<string> {
  const target = await readlink(link);
  return isAbsolute(target) ? join(folder, relative(source, target)) : target;
}
