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
  const bytes = await firstLine(file).catch((cause: unknown) => {
    throw invalid(`${what} cannot be read`, { where: file, hint: 'Check the path and that it can be read.', cause });
  });
  if (bytes.length > MOST_BYTES) {
    throw invalid(`${what}: the first line of the file is too long`, { where: file, hint: 'Name the right file.' });
  }
  const line = inUtf8(bytes);
  if (line === undefined) {
    throw invalid(`${what}: the file is not text in UTF-8`, { where: file, hint: 'Save it as UTF-8.' });
  }
  if (line === '') {
    throw invalid(`${what}: the first line of the file is empty`, {
      where: file,
      hint: 'Write it into the first line.',
    });
  }
  return line;
}

const LINE_FEED = 0x0a;

/** Read from where the file stands: it may be a pipe. More than {@link MOST_BYTES} is not the whole line. */
async function firstLine(file: string): Promise<Buffer> {
  await using handle = await open(file, 'r');
  const room = Buffer.alloc(MOST_BYTES + 1);
  for (let read = 0; ; ) {
    const { bytesRead } = await handle.read(room, read, room.length - read, null);
    read += bytesRead;
    const end = room.subarray(0, read).indexOf(LINE_FEED);
    if (end >= 0) return room.subarray(0, end);
    if (bytesRead === 0 || read === room.length) return room.subarray(0, read);
  }
}

/** Without what an editor for Windows puts around it. */
function inUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r$/, '');
  } catch {
    return undefined;
  }
}

function invalid(message: string, details: { where?: string; hint: string; cause?: unknown }): MediasmithError {
  return new MediasmithError('PROJECT_INVALID', message, details);
}
