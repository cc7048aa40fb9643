import { win32 } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import { STATE_FOLDER, USER_STATE_FOLDER } from '../../platform/state-folder.ts';
import type { StepContext } from '../context.ts';
import { driveOf, windowsDrive } from '../drive-letter.ts';
import { presentWindows } from '../present-windows.ts';
import { shareOf } from '../share-of.ts';

/** Where the store lies: where the sequence says, else beside the state of the sequence on the drive of Windows. */
export async function storeOf(storePath: string | undefined, context: StepContext): Promise<string> {
  if (storePath !== undefined) return checked(storePath);
  return win32.join(`${await localDrive(context)}\\`, STATE_FOLDER, USER_STATE_FOLDER);
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
