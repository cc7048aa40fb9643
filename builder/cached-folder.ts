import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { exists } from '../runtime/host/exists.ts';
import { scratchFolder } from './workspace.ts';

/** Longer than a build reads what it has found in the cache. */
const SPARED_SECONDS = 2 * 3600;

/**
 * A folder that is either whole or not there: `fill` works in a temporary one, which takes the final name at the end.
 * Where the folder is there already, it only counts as used.
 */
export async function cachedFolder(folder: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  if (await exists(folder)) return markUsed(folder);
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

/** Says that somebody reads the folder now. A cache that cannot be written loses nothing either. */
export async function markUsed(folder: string): Promise<void> {
  const now = new Date();
  await utimes(folder, now, now).catch(() => undefined);
}

/**
 * Removes all but the `count` folders of `parent` that were used last; those still being made are left alone, and those
 * that another build may be reading. What cannot be looked at or removed now is left to another build: it is no reason to
 * end this one.
 */
export async function keepNewest(parent: string, count: number): Promise<void> {
  const names = (await readdir(parent).catch(() => [])).filter((name) => !name.startsWith('.'));
  const made = await Promise.all(
    names.map(async (name) => {
      // Another build may have removed it since.
      const there = await stat(join(parent, name)).catch(() => undefined);
      return { name, time: there?.mtimeMs ?? 0 };
    }),
  );
  const spared = Date.now() - SPARED_SECONDS * 1000;
  for (const { name, time } of made.sort((a, b) => b.time - a.time).slice(count)) {
    if (time > spared) continue;
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A short name for content: the start of the SHA-256 over the JSON of whatever it depends on. */
export function contentKey(inputs: unknown): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');
}
