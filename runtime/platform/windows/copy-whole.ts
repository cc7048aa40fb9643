import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';

/** Copies a file of any size; it is under its name only when it is whole. */
export async function copyWhole(from: string, to: string): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, `${to}.new`);
    await rm(to, { force: true });
    await rename(`${to}.new`, to);
  } catch (cause) {
    await rm(`${to}.new`, { force: true }).catch(() => undefined);
    throw new MediasmithError('FILE_SYSTEM', `${from} could not be copied`, {
      where: to,
      hint: 'See that the drive of Windows has room, and that nothing else uses the file.',
      cause,
    });
  }
}
