import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';

/** The absolute path of what somebody has typed: from where they stand, with ~ for their own folder. */
export function typedPath(typed: string): string {
  const unquoted = typed.replace(/^(["'])(.*)\1$/, '$2');
  return resolve(unquoted.replace(/^~(?=\/|$)/, () => homedir()));
}

/** {@link typedPath} of something that is there. `SOURCE_NOT_FOUND` where it is not. */
export async function existingPath(typed: string): Promise<string> {
  const path = typedPath(typed);
  await statOf(path);
  return path;
}

/** {@link existingPath} of something that is no folder. `SOURCE_INVALID` where it is one. */
export async function existingFile(typed: string): Promise<string> {
  const path = typedPath(typed);
  if (!(await statOf(path)).isDirectory()) return path;
  throw new MediasmithError('SOURCE_INVALID', `${path} is a folder`, { where: path, hint: 'Name the file itself.' });
}

/** {@link existingPath} of a folder. `SOURCE_INVALID` where it is none. */
export async function existingFolder(typed: string): Promise<string> {
  const path = typedPath(typed);
  if ((await statOf(path)).isDirectory()) return path;
  throw new MediasmithError('SOURCE_INVALID', `${path} is not a folder`, { where: path, hint: 'Name the folder.' });
}

function statOf(path: string): Promise<Stats> {
  return stat(path).catch((cause) => {
    throw new MediasmithError('SOURCE_NOT_FOUND', `cannot open ${path}`, {
      where: path,
      hint: 'Check the path and that it can be read.',
      cause,
    });
  });
}
