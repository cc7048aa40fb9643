import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MediasmithError } from '../contract/errors.ts';

/** Has a file written beside its name and gives it the name when it is whole. `OUTPUT_EXISTS` when there is one. */
export async function writeNewImage(file: string, write: (unfinished: string) => Promise<void>): Promise<void> {
  if ((await stat(file).catch(() => undefined)) !== undefined) {
    throw new MediasmithError('OUTPUT_EXISTS', 'there is a file by the name of the image already', {
      where: file,
      hint: 'Name another file, or move this one away. Nothing was written.',
    });
  }
  const unfinished = `${file.replace(/\.wim$/i, '')}.part.wim`;
  await mkdir(dirname(file), { recursive: true });
  await rm(unfinished, { force: true });
  try {
    await write(unfinished);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
}
