import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Exec } from '../../host/exec.ts';
import { removeAttribute } from '../../native/linux-attributes.ts';
import { WimFile } from '../../wim/wim-file.ts';
import { clearFolder, surveyFolder } from '../clear-folder.ts';
import type { TargetVolume, Task, VolumeContent } from '../platform.ts';
import { mountVolume } from './mount.ts';

/** What a folder of cloud storage is to Windows, in ntfs-3g's words: without it, it is a folder like any other. */
const REPARSE_DATA = 'system.ntfs_reparse_data';
const SECOND_LOOKS = 5;

export async function surveyVolume(
  exec: Exec,
  { device, fileSystem }: TargetVolume,
  keep: readonly string[],
): Promise<VolumeContent> {
  if (fileSystem === 'none') throw new Error(`${device} has no file system`);
  await using mounted = await mountVolume(exec, fileSystem, device, 'read');
  return surveyFolder(mounted.path, keep);
}

/** libwim takes a volume with other folders in its root, but makes none of its own that is there. */
export async function rootNames(file: string, index: number): Promise<string[]> {
  using wim = await WimFile.open(file);
  return (await wim.listPaths(index, '/')).map(({ path }) => path.replace(/^\//, ''));
}

export async function clearVolume(
  exec: Exec,
  { device, fileSystem }: TargetVolume,
  keep: readonly string[],
  { signal }: Task,
): Promise<void> {
  if (fileSystem === 'none') throw new Error(`${device} has no file system`);
  await using mounted = await mountVolume(exec, fileSystem, device, 'write');
  await clearFolder(mounted.path, keep, { signal, openFolder });
  if (fileSystem === 'ntfs') await dropShortNames(mounted.path);
}

/** The kernel knows the folder as a link until it has looked again. */
async function openFolder(path: string): Promise<void> {
  const error = await removeAttribute(path, REPARSE_DATA);
  if (error !== 0) throw new Error(`${path} is no folder: error ${error}`);
  for (let look = 1; ; look++) {
    try {
      return void (await readdir(path));
    } catch (cause) {
      if (look === SECOND_LOOKS) throw cause;
      await setTimeout(300);
    }
  }
}

/**
 * What was kept gives up its short name, which a folder of the image may have: a rename takes it away, and one that
 * changes only the case is none to Windows, wherever it is cut.
 */
async function dropShortNames(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const other = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
    if (other === name) continue;
    await rename(join(root, name), join(root, other));
    await rename(join(root, other), join(root, name));
  }
}
