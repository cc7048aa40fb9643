import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { StateStore } from './platform.ts';

/** ConfigMgr's name for the folder that a running sequence keeps on the disk (Microsoft: "Task sequence variables"). */
export const STATE_FOLDER = '_SMSTaskSequence';
/** Where user state is kept unless a sequence says otherwise: the one thing below it that is not ours to remove. */
export const USER_STATE_FOLDER = 'UserState';
/** Below it what was kept of a medium that is no longer there: manifest, sequences, content, as on the medium. */
export const KEPT_MEDIUM_FOLDER = 'Medium';
const JOURNAL = 'journal';

/** The state as a file below the root of a mounted volume. */
export function folderState(root: string, place: string): StateStore {
  const folder = join(root, STATE_FOLDER);
  const path = join(folder, JOURNAL);
  let file: FileHandle | undefined;
  const close = async (): Promise<void> => {
    await file?.close();
    file = undefined;
  };
  return {
    place,
    // FAT cannot replace a name in one step: between the two only the new file is there.
    read: () => readFile(path).catch(() => readFile(`${path}.new`)),
    append: async (bytes, { sync }) => {
      file ??= await open(path, 'a', 0o600);
      await file.writeFile(bytes);
      if (sync) await file.sync();
    },
    replace: async (bytes) => {
      await close();
      await mkdir(folder, { recursive: true });
      await writeDurably(`${path}.new`, bytes);
      await rename(`${path}.new`, path);
      await syncFolder(folder);
    },
    remove: async () => {
      await close();
      for (const name of await removableIn(folder)) await rm(join(folder, name), { recursive: true, force: true });
      // Stays where user state is still in it.
      await rmdir(folder).catch(() => undefined);
    },
    close,
  };
}

/** What the end of a run takes away: everything but user state that nothing has restored. */
export async function removableIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => name !== USER_STATE_FOLDER);
}

/** Whether a mounted volume holds a state. */
export async function holdsState(root: string): Promise<boolean> {
  return folderState(root, '')
    .read()
    .then(
      () => true,
      () => false,
    );
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, 'w', 0o600);
  await file.writeFile(bytes);
  await file.sync();
}

/** So that the new name is on the disk too. Windows cannot open a folder so, and writes names through itself. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
