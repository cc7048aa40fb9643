import { stat } from 'node:fs/promises';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { hashFile } from '../../hash.ts';

/** The user's own wimboot, and the SHA-256 its makers or the user's own records say it has. */
export type Wimboot = { path: string; sha256: string };

/** `SOURCE_NOT_FOUND` without the file, `SOURCE_INVALID` with both hashes when it is another one. */
export async function checkWimboot({ path, sha256 }: Wimboot): Promise<void> {
  const expected = sha256.trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(expected)) {
    throw new MediasmithError('PROJECT_INVALID', `not a SHA-256 for wimboot: ${sha256}`, {
      hint: 'It has 64 hexadecimal digits: "sha256sum wimboot" prints it.',
    });
  }
  const found = await hashOf(path).catch((cause) => {
    throw new MediasmithError('SOURCE_NOT_FOUND', 'wimboot cannot be read', {
      where: path,
      hint: 'Take it from a release of https://github.com/ipxe/wimboot.',
      cause,
    });
  });
  if (found === expected) return;
  throw new MediasmithError('SOURCE_INVALID', 'wimboot is not the file it should be', {
    where: path,
    lines: [`SHA-256 expected: ${expected}`, `SHA-256 found:    ${found}`],
    hint: 'Download it again, or correct the hash if this is the file you want. Nothing was written.',
  });
}

/** A device or a pipe has no end that could be waited for. */
async function hashOf(path: string): Promise<string> {
  if (!(await stat(path)).isFile()) throw new Error('it is no file');
  return hashFile(path);
}
