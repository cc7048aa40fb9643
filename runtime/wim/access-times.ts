import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Sets the access time of everything in a folder, and of the folder, to its modification time, and returns the newest
 * modification time there, in nanoseconds since 1970.
 *
 * libwim stores access times, so without this a folder that somebody only read gives another WIM. The modification
 * times stay to the nanosecond. Where the system refuses (a read-only source, another's file) the access time stays.
 */
export async function pinAccessTimes(
  path: string,
  setAccessTime: (path: string, nanoseconds: bigint) => boolean,
): Promise<bigint> {
  const entry = await lstat(path, { bigint: true });
  let newest = entry.mtimeNs;
  if (entry.isDirectory()) {
    for (const name of await readdir(path)) {
      const within = await pinAccessTimes(join(path, name), setAccessTime);
      if (within > newest) newest = within;
    }
  }
  // A folder comes after its entries: listing it has just touched it.
  const { atimeNs } = await lstat(path, { bigint: true });
  if (atimeNs !== entry.mtimeNs) setAccessTime(path, entry.mtimeNs);
  return newest;
}
