import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { scratchFolder } from './workspace.ts';

/**
 * A folder that is either whole or not there: `fill` works in a temporary one, which takes the final name at the end.
 * Where the folder is there already, nothing happens.
 */
export async function cachedFolder(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  if (await exists(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  const temporary = await scratchFolder(dirname(folder), '.making-');
  try {
    await fill(temporary);
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    // Somebody else may have made the same folder meanwhile; the same name means the same content.
    if (!isTaken(error)) throw error;
  }
}

/**
 * Removes all but the newest `count` folders of `parent`; those still being made are left alone, and those younger than
 * `spareSeconds`, which another build may be reading.
 */
export async function keepNewest(parent: string, count: number, spareSeconds = 0): Promise<void> {
  if (!(await exists(parent))) return;
  const names = (await readdir(parent)).filter((name) => !name.startsWith('.'));
  const made = await Promise.all(names.map(async (name) => ({ name, time: (await stat(join(parent, name))).mtimeMs })));
  const spared = Date.now() - spareSeconds * 1000;
  for (const { name, time } of made.sort((a, b) => b.time - a.time).slice(count)) {
    if (spareSeconds > 0 && time > spared) continue;
    await rm(join(parent, name), { recursive: true, force: true });
  }
}

/** A short name for content: the start of the SHA-256 over the JSON of whatever it depends on. */
export function contentKey(inputs: unknown): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');
}
