import { open } from 'node:fs/promises';
import type { SecretSearch } from './secret-search.ts';

/** Scripts, answer files and settings are shorter; what is longer is no text of a person. */
const LONGEST_TEXT = 2 * 1024 ** 2;

/** A warning for each text file of the content that has a secret of the sequences in it, or in its name. */
export async function secretsInContent(
  files: readonly { path: string; file: string }[],
  search: SecretSearch,
  signal?: AbortSignal,
): Promise<string[]> {
  const warnings: string[] = [];
  for (const { path, file } of search.isEmpty ? [] : files) {
    signal?.throwIfAborted();
    const found = search.find(path) ?? search.find(await readTextOf(file));
    if (found !== undefined)
      warnings.push(`${search.replace(path)} goes in as it is, with the ${found.field} of "${found.step}"`);
  }
  return warnings;
}

/** Empty for what is no text, or too long for one. */
async function readTextOf(file: string): Promise<string> {
  await using handle = await open(file);
  if ((await handle.stat()).size > LONGEST_TEXT) return '';
  const bytes = await handle.readFile();
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le');
  return bytes.includes(0) ? '' : bytes.toString('utf8');
}
