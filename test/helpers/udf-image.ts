import { createHash } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exec } from '../../runtime/host/exec.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';
import { BLOCK_BYTES, type UdfEditor } from './udf-blocks.ts';

/** The most that one extent of UDF has, in whole blocks. */
export const LARGEST_EXTENT = 1024 ** 3 - BLOCK_BYTES;
/** What is in the images. */
export const FILES = {
  'deep/er/and/deep er/still/file.bin': noise(100_000, 1),
  'deep/er/Größe.txt': noise(2048, 2),
  'deep/Ελληνικά €.txt': noise(3000, 3),
  'large.bin': noise(1_000_001, 4),
  'one byte': noise(1, 5),
  empty: Buffer.alloc(0),
};
export const LARGE = FILES['large.bin'];

/** Writes the files into `tree` below an existing folder, and an image with UDF and ISO 9660 of them beside it. */
export async function makeUdf(folder: string): Promise<string> {
  const [tree, image] = [join(folder, 'tree'), join(folder, 'udf.iso')];
  await writeFiles(tree, FILES);
  await exec(['genisoimage', '-quiet', '-udf', '-iso-level', '3', '-o', image, tree]);
  return image;
}

export async function copyOf(image: string): Promise<string> {
  const copy = join(await temporaryFolder(), 'copy.iso');
  await copyFile(image, copy);
  return copy;
}

/** The entry of the large file, as a sector, and the block of the partition in which its content begins. */
export async function largeFile(editor: UdfEditor): Promise<{ entry: number; block: number }> {
  const entry = await editor.entryOf(LARGE.length);
  return { entry, block: (await editor.sector(entry)).readUInt32LE(176 + 4) };
}

/** The same bytes at the same places every time, so that a failure can be looked at. */
export function noise(bytes: number, seed: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 64) }, (_, index) =>
    createHash('sha512').update(`${seed} ${index}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, bytes);
}
