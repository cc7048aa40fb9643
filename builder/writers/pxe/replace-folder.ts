import { readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { MEDIUM_PATHS } from '../../../runtime/contract/manifest.ts';

/**
 * Refuses a place for a PXE tree where there is something else than an earlier one: `PROJECT_INVALID`. What is there
 * would be gone after the build.
 */
export async function refuseForeignFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  if (found.isDirectory()) {
    if ((await readdir(path)).length === 0) return;
    if (await stat(join(path, MEDIUM_PATHS.manifest)).catch(() => undefined)) return;
  }
  throw new MediasmithError('PROJECT_INVALID', `${path} is there and is no medium`, {
    where: path,
    hint: 'A PXE tree replaces the whole folder: name another one, or empty this one.',
  });
}

/** Gives a finished tree its name; what had it goes into `aside`, a folder on the same file system that is removed later. */
export async function replaceFolder(finished: string, path: string, aside: string): Promise<void> {
  const earlier = join(aside, 'earlier');
  const moved = await rename(path, earlier).then(
    () => true,
    () => false,
  );
  try {
    await rename(finished, path);
  } catch (error) {
    if (moved) await rename(earlier, path);
    throw error;
  }
}
