import { join, relative } from 'node:path';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { readPackageFolder } from '../../package-folder.ts';
import { walk } from '../../walk.ts';

/**
 * The files of a folder that goes to the root of X:, as relative paths with forward slashes. Throws `SOURCE_INVALID`
 * where one would take the place of something of ours, and what {@link readPackageFolder} throws.
 */
export async function readAdditionalFiles(folder: string, ours: readonly string[]): Promise<string[]> {
  await readPackageFolder('files', folder);
  const entries = await Array.fromAsync(walk(folder));
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).toLowerCase());
  const inFolders = ours.filter((target) => folders.includes(target.toLowerCase()));
  const conflicts = [...new Set([...conflictsWith(paths, ours), ...inFolders])];
  if (conflicts.length === 0) return paths;
  throw new MediasmithError('SOURCE_INVALID', `additional files would take the place of ${conflicts.join(', ')}`, {
    where: folder,
    hint: 'Remove them: the medium puts files of its own there.',
  });
}

/** Those of `ours` that one of the paths is, lies in, or has in it, whatever the case. */
export function conflictsWith(paths: readonly string[], ours: readonly string[]): string[] {
  const given = paths.map((path) => path.toLowerCase());
  return ours.filter((target) => {
    const own = target.toLowerCase();
    return given.some((path) => path === own || path.startsWith(`${own}/`) || own.startsWith(`${path}/`));
  });
}
