import { readdir, realpath, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { MediasmithError } from '../contract/errors.ts';
import type { VolumeContent } from './platform.ts';

/** Without these no boot store, on whatever disk, starts what is left of a Windows. */
const STARTERS = ['Windows/System32/winload.efi', 'Windows/System32/winload.exe', 'Windows/System32/config/SYSTEM'];
const MOST_LINES = 10;

export type ClearSetup = {
  /** Makes a folder of a directory that the file system shows as something else, as those of cloud storage. */
  openFolder: (path: string) => Promise<void>;
  signal?: AbortSignal | undefined;
};

/**
 * What a mounted volume holds beside `keep`: names in its root, in any case. `STEP_FAILED` where one of them is a link to
 * what is not kept.
 */
export async function surveyFolder(root: string, keep: readonly string[]): Promise<VolumeContent> {
  const names = await readdir(root);
  const kept = names.filter((name) => isKept(name, keep));
  for (const name of kept) await refuseLink(root, name, keep);
  let keptBytes = 0;
  for (const name of kept) keptBytes += await bytesIn(join(root, name));
  return { others: names.filter((name) => !isKept(name, keep)), keptBytes };
}

/**
 * Removes everything from a mounted volume but `keep`. What starts Windows goes first. Links are removed and never
 * followed. What cannot be removed does not keep the rest from being removed.
 */
export async function clearFolder(root: string, keep: readonly string[], setup: ClearSetup): Promise<void> {
  for (const path of STARTERS) await removeOwn(root, path.split('/'));
  const failures: string[] = [];
  await emptyFolder(root, { ...setup, failures }, (name) => isKept(name, keep));
  if (failures.length === 0) return;
  throw new MediasmithError('STEP_FAILED', `${failures.length} files of the volume cannot be removed`, {
    where: root,
    lines: failures.slice(0, MOST_LINES),
    hint: 'A check of the volume (chkdsk /f) may help. What was kept is still there.',
  });
}

async function refuseLink(root: string, name: string, keep: readonly string[]): Promise<void> {
  const real = await realpath(join(root, name)).catch(() => undefined);
  const inRoot = real === undefined ? '..' : relative(await realpath(root), real);
  const [first = ''] = inRoot.split(sep);
  if (first === '..' || isAbsolute(inRoot) || isKept(first, keep)) return;
  throw new MediasmithError('STEP_FAILED', `${name} is to be kept, and is a link to ${inRoot}, which is not`, {
    where: root,
    hint: 'Capture user state to a folder that is none. Nothing was changed.',
  });
}

/** Only by way of real folders: a link may lead to the Windows of another volume. */
async function removeOwn(folder: string, [part = '', ...rest]: readonly string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const entry = entries.find(({ name }) => name.toLowerCase() === part.toLowerCase());
  if (entry === undefined) return;
  const path = join(folder, entry.name);
  if (rest.length === 0) return rm(path, { recursive: true, force: true });
  if (entry.isDirectory()) return removeOwn(path, rest);
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
