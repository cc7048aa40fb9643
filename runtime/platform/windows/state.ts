import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StateStore } from '../platform.ts';
import { removeSetupComplete } from '../setup-complete.ts';
import { folderState, STATE_FOLDER } from '../state-folder.ts';
import { volumeFiles } from '../volume-files.ts';
import { exists } from '../winpe/exists.ts';
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
  const names = await readdir(folder).catch(() => []);
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  if (!(await exists(folder))) return;
  const left = await readdir(folder, { recursive: true });
  for (const path of left.sort().reverse()) win32.deleteAtRestart(join(folder, path));
  win32.deleteAtRestart(folder);
}
