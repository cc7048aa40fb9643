import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Gives a finished file its final name, on the same file system, when the disk has all of it: a power cut then leaves the
 * earlier file or this one, and never a hollow one (POSIX: rename, fsync).
 */
export async function placeFile(finished: string, path: string): Promise<void> {
  await sync(finished);
  await rename(finished, path);
  // The name is given by now, and some file systems sync no folder.
  await sync(dirname(path)).catch(() => undefined);
}

async function sync(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}
