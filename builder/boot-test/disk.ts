import { constants, copyFile, open, stat, truncate } from 'node:fs/promises';

/** Creates an empty raw disk of `bytes` bytes that takes no room until it is written to. An earlier file goes. */
export async function createDisk(path: string, bytes: number): Promise<void> {
  await using file = await open(path, 'w');
  await file.truncate(bytes);
}

/** Creates a disk of `bytes` bytes that begins with the content of a file. An earlier file goes. */
export async function createDiskFrom(image: string, path: string, bytes: number): Promise<void> {
  // Shares the blocks where the file system can.
  await copyFile(image, path, constants.COPYFILE_FICLONE);
  await truncate(path, bytes);
}

/** The bytes a sparse file really takes. */
export async function allocatedBytes(path: string): Promise<number> {
  const BLOCK_BYTES = 512;
  return (await stat(path)).blocks * BLOCK_BYTES;
}
