import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../runtime/contract/errors.ts';

/** The file by which a folder of results is known as ours, so that what is in it may be replaced. */
const MARKER = '.mediasmith-results';

/** Makes a folder for results, or takes one that an earlier run has made. `USAGE` for a folder with anything else in it. */
export async function ownFolder(folder: string, option: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = await readdir(folder);
  if (names.includes(MARKER)) return;
  if (names.length > 0) {
    throw new MediasmithError('USAGE', `${option}: ${folder} is not empty and not a folder of earlier results`, {
      where: folder,
      hint: 'Name another one: results replace what is in it.',
    });
  }
  await writeFile(join(folder, MARKER), '');
}
