import { win32 } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import { STATE_FOLDER, USER_STATE_FOLDER } from '../../platform/state-folder.ts';
import type { StepContext } from '../context.ts';
import { folderInRoot } from '../destination/kept-folders.ts';
import { driveOf, windowsDrive } from '../drive-letter.ts';
import { presentWindows } from '../present-windows.ts';
import { shareOf } from '../share-of.ts';

/** Where the store lies: where the sequence says, else beside the state of the sequence on the drive of Windows. */
export async function storeOf(storePath: string | undefined, context: StepContext): Promise<string> {
  if (storePath !== undefined) return whereItIsNow(checked(storePath), context);
  return win32.join(`${await localDrive(context)}\\`, STATE_FOLDER, USER_STATE_FOLDER);
}

/** A store that has outlived the Windows on its volume: that has the letter of the new one. */
function whereItIsNow(store: string, { state, platform, machine }: StepContext): string {
  const { target, replaced = [] } = state;
  if (target?.windows === undefined || shareOf(store) !== undefined) return store;
  const { identity, windows } = target;
  const kept = replaced.find(({ disk, volume }) => disk.identity === identity && volume === windows.number)?.keep ?? [];
  const [folder] = folderInRoot(store);
  if (!kept.some((name) => name.toLowerCase() === folder?.toLowerCase())) return store;
  const drive = platform.name === 'windows' ? windowsDrive({ machine }) : driveOf(windows.device);
  return `${drive}${store.slice(drive.length)}`;
}

/** Of the running Windows; in WinPE of the one that was there when it started. */
async function localDrive(context: StepContext): Promise<string> {
  if (context.platform.name === 'windows') return windowsDrive(context);
  return driveOf(context.variables.get('_OSDDetectedWinDrive') ?? (await presentWindows(context)).windows.device);
}

/** ScanState refuses the root of a drive, and relative paths mean nothing to Local System. */
function checked(store: string): string {
  const local = /^[A-Z]:\\[^\\]/i.test(store);
  const upward = store.split(/[\\/]/).includes('..');
  if (!upward && (local || shareOf(store) !== undefined)) return store;
  throw new MediasmithError('STEP_FAILED', `"${store}" cannot hold user state`, {
    where: 'storePath',
    hint: 'Give a folder on a drive, C:\\UserState, or on a share, \\\\server\\share\\folder.',
  });
}
