import { readdir, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../../host/exists.ts';
import type { StateStore } from '../platform.ts';
import { removeSetupComplete } from '../setup-complete.ts';
import { folderState, removableIn, STATE_FOLDER } from '../state-folder.ts';
import { volumeFiles } from '../volume-files.ts';
import type { WinpeHost } from '../winpe/host.ts';
import { removeRestart } from './restart.ts';

/** The state on the drive of the running Windows. Removing it also takes back what would have gone on with it. */
export function windowsState(host: WinpeHost, letter: string): StateStore {
  const root = host.drive(letter);
  const state = folderState(root, `${letter}:\\`);
  return {
    ...state,
    remove: async () => {
      await state.close();
      await removeRestart(host, letter);
      await removeSetupComplete(volumeFiles(root));
      await removeFolder(host, join(root, STATE_FOLDER));
    },
  };
}

/** Everything that is not in use goes now, the rest, which is the program that runs, when Windows starts next. */
async function removeFolder({ win32 }: WinpeHost, folder: string): Promise<void> {
  for (const name of await removableIn(folder)) {
    const path = join(folder, name);
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
    const left = await readdir(path, { recursive: true }).catch(() => []);
    for (const inner of left.sort().reverse()) win32.deleteAtRestart(join(path, inner));
    if (await exists(path)) win32.deleteAtRestart(path);
  }
  await rmdir(folder).catch(() => undefined);
  // Windows removes no folder that has something in it.
  if (await exists(folder)) win32.deleteAtRestart(folder);
}
