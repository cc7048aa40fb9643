import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { hashFile } from '../hash.ts';

const SUMS = 'sums.json';

/** Records what the boot files were when the environment was made. */
export async function writeSums(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await writeFile(join(folder, SUMS), JSON.stringify(await sumsOf(files)));
}

/** `SOURCE_INVALID` when a boot file in the cache is missing or no longer what it was: the medium would not start. */
export async function refuseDamaged(
  cache: string,
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const recorded = await readFile(join(folder, SUMS), 'utf8').catch(() => '');
  const found = JSON.stringify(await sumsOf(files).catch(() => undefined));
  if (recorded === found) return;
  throw new MediasmithError('SOURCE_INVALID', 'the boot environment in the cache is damaged', {
    where: folder,
    hint: `Remove ${cache} and build again: it is made anew.`,
  });
}

async function sumsOf(files: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const sums = await Promise.all(
    Object.entries(files).map(async ([name, path]) => [name, await hashFile(path)] as const),
  );
  return Object.fromEntries(sums);
}
