import { readdir, rmdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../contract/errors.ts';
import type { VolumeContent } from './platform.ts';
import { volumeFiles } from './volume-files.ts';

/** Without these no boot store, on whatever disk, starts what is left of a Windows. */
const STARTERS = ['Windows/System32/winload.efi', 'Windows/System32/winload.exe', 'Windows/System32/config/SYSTEM'];
const MOST_LINES = 10;

export type ClearSetup = {
  /** Makes a folder of a directory that the file system shows as something else, as those of cloud storage. */
  openFolder: (path: string) => Promise<void>;
  signal?: AbortSignal | undefined;
};

/** What a mounted volume holds beside `keep`: names in its root, in any case. */
export async function surveyFolder(root: string, keep: readonly string[]): Promise<VolumeContent> {
  const names = await readdir(root);
  const kept = names.filter((name) => isKept(name, keep));
  let keptBytes = 0;
  for (const name of kept) keptBytes += await bytesIn(join(root, name));
  return { others: names.filter((name) => !isKept(name, keep)), keptBytes };
}

/**
 * Removes everything from a mounted volume but `keep`. What starts Windows goes first. Links are removed and never
 * followed. What cannot be removed does not keep the rest from being removed.
 */
export async function clearFolder(root: string, keep: readonly string[], setup: ClearSetup): Promise<void> {
  const files = volumeFiles(root);
  for (const path of STARTERS) await files.remove(path);
  const failures: string[] = [];
  await emptyFolder(root, { ...setup, failures }, (name) => isKept(name, keep));
  if (failures.length === 0) return;
  throw new MediasmithError('STEP_FAILED', `${failures.length} files of the volume cannot be removed`, {
    where: root,
    lines: failures.slice(0, MOST_LINES),
    hint: 'A check of the volume (chkdsk /f) may help. What was kept is still there.',
  });
}

function isKept(name: string, keep: readonly string[]): boolean {
  return keep.some((kept) => kept.toLowerCase() === name.toLowerCase());
}

type Clearing = ClearSetup & { failures: string[] };

async function emptyFolder(
  folder: string,
  clearing: Clearing,
  isToStay: (name: string) => boolean = () => false,
): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    clearing.signal?.throwIfAborted();
    if (isToStay(entry.name)) continue;
    const path = join(folder, entry.name);
    try {
      if (entry.isDirectory()) await removeFolder(path, clearing);
      else await unlink(path).catch((error) => removeUnlike(path, error, clearing));
    } catch (error) {
      clearing.signal?.throwIfAborted();
      clearing.failures.push(error instanceof Error ? error.message : String(error));
    }
  }
}

async function removeFolder(path: string, clearing: Clearing): Promise<void> {
  const before = clearing.failures.length;
  await emptyFolder(path, clearing);
  // What is still in it has been reported.
  if (clearing.failures.length === before) await rmdir(path);
}

/** No link to a folder is refused so: this one has files of its own. */
async function removeUnlike(path: string, cause: NodeJS.ErrnoException, clearing: Clearing): Promise<void> {
  if (!['ENOTEMPTY', 'EPERM', 'EACCES', 'EISDIR'].includes(cause.code ?? '')) throw cause;
  await clearing.openFolder(path).catch(() => {
    throw cause;
  });
  await removeFolder(path, clearing);
}

async function bytesIn(path: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(path, { withFileTypes: true }).catch(() => [])) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) bytes += await bytesIn(inner);
    else if (entry.isFile()) bytes += (await stat(inner).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}
