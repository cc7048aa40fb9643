import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MediasmithError } from '../contract/errors.ts';
import { exists } from '../host/exists.ts';

export type NewImage = {
  write: (unfinished: string) => Promise<void>;
  /** Reads what was written; throws where it is not what it should be. */
  verify: (unfinished: string) => Promise<void>;
  /** Takes the place of a file by that name. */
  overwrite?: boolean | undefined;
};

/**
 * Has a file written beside its name and gives it the name when it is whole and was read back. `OUTPUT_EXISTS` when
 * there is one by that name that must stay.
 */
export async function writeNewImage(file: string, { write, verify, overwrite = false }: NewImage): Promise<void> {
  if (!overwrite && (await exists(file))) throw imageExists(file);
  const unfinished = `${file.replace(/\.wim$/i, '')}.part.wim`;
  await mkdir(dirname(file), { recursive: true });
  await rm(unfinished, { force: true });
  try {
    await write(unfinished);
    await verify(unfinished);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** `where`: the file, as a person knows it. */
export function imageExists(where: string): MediasmithError {
  return new MediasmithError('OUTPUT_EXISTS', 'there is a file by the name of the image already', {
    where,
    hint: 'Name another file, move this one away, or say overwrite: true. Nothing was written.',
  });
}

/** What is read back is not what was written. */
export function notAsWritten(file: string, cause: unknown): MediasmithError {
  return new MediasmithError('READ_BACK_FAILED', 'the image that was written cannot be read back as it was', {
    where: file,
    hint: 'The disk, its cable or the memory of this machine is faulty: capture to another disk. Nothing was left there.',
    cause,
  });
}
