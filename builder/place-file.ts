import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Waits until the disk has all of a finished file: a power cut behind {@link placeFile} then leaves no hollow one. */
export async function reachDisk(file: string): Promise<void> {
  await using handle = await open(file, 'r');
  await handle.sync();
}

/** Gives a file that the disk has its final name, on the same file system. */
export async function placeFile(finished: string, path: string): Promise<void> {
  await rename(finished, path);
  // The name is given by now, and some file systems sync no folder.
  await reachDisk(dirname(path)).catch(() => undefined);
}
