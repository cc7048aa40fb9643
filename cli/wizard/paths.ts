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
  await stat(path).catch((cause) => {
    throw new MediasmithError('SOURCE_NOT_FOUND', `cannot open ${path}`, {
      where: path,
      hint: 'Check the path and that it can be read.',
      cause,
    });
  });
  return path;
}
