import { open } from 'node:fs/promises';
import { MediasmithError } from '../runtime/contract/errors.ts';
import type { SecretSource } from './config/media-options.ts';

/** More than any secret has that somebody types. */
const MOST_BYTES = 4096;

/**
 * The secret itself: the first line of a file, or an environment variable. `what` names it in errors, which never show
 * anything of it. Throws `PROJECT_INVALID`.
 */
export async function readSecret(
  { file, environment }: SecretSource,
  what = 'the password',
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string> {
  if (environment !== undefined) {
    const value = variables[environment];
    if (value !== undefined && value !== '') return value;
    const state = value === undefined ? 'not set' : 'empty';
    throw invalid(`${what}: the environment variable ${environment} is ${state}`, {
      hint: `Set ${environment} for the command that builds.`,
    });
  }
  if (file === undefined) throw new Error('a secret without a source');
  const line = await firstLine(file).catch((cause: unknown) => {
    throw invalid(`${what} cannot be read`, { where: file, hint: 'Check the path and that it can be read.', cause });
  });
  if (line.length > MOST_BYTES) {
    throw invalid(`${what}: the first line of the file is too long`, { where: file, hint: 'Name the right file.' });
  }
  if (line === '') {
    throw invalid(`${what}: the first line of the file is empty`, {
      where: file,
      hint: 'Write it into the first line.',
    });
  }
  return line;
}

/** Without what an editor for Windows puts around it. */
async function firstLine(file: string): Promise<string> {
  await using handle = await open(file, 'r');
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_BYTES + 4), 0, MOST_BYTES + 4, 0);
  const [line = ''] = buffer
    .toString('utf8', 0, bytesRead)
    .replace(/^\u{FEFF}/u, '')
    .split(/\r?\n/);
  return line;
}

function invalid(message: string, details: { where?: string; hint: string; cause?: unknown }): MediasmithError {
  return new MediasmithError('PROJECT_INVALID', message, details);
}
