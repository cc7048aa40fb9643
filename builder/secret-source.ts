import { MediasmithError } from '../runtime/contract/errors.ts';
import type { SecretSource } from './config/media-options.ts';
import { readStart } from './read-start.ts';

/** More than any secret has that somebody types. */
const MOST_BYTES = 4096;

/** Secrets of the environment, which programs that are started would inherit. */
const taken = new Map<string, string>();

/** Takes what the sources name out of the environment, from which only {@link readSecret} has it then. */
export function takeFromEnvironment(
  sources: readonly (SecretSource | undefined)[],
  variables: Record<string, string | undefined> = process.env,
): void {
  for (const { environment } of sources.filter((source) => source !== undefined)) {
    const value = environment === undefined ? undefined : variables[environment];
    if (environment === undefined || value === undefined || value === '') continue;
    taken.set(environment, value);
    delete variables[environment];
  }
}

/**
 * The secret itself: the first line of a file, or an environment variable. `what` names it in errors, which never show
 * anything of it. Throws `PROJECT_INVALID`.
 */
export async function readSecret(
  { file, environment }: SecretSource,
  what = 'the password',
  variables: Readonly<Record<string, string | undefined>> = { ...Object.fromEntries(taken), ...process.env },
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

/** More than {@link MOST_BYTES} is not the whole line. */
async function firstLine(file: string): Promise<Buffer> {
  const read = await readStart(file, MOST_BYTES + 1, { enough: (bytes) => bytes.includes(LINE_FEED) });
  const end = read.indexOf(LINE_FEED);
  return end < 0 ? read : read.subarray(0, end);
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
