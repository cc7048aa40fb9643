import { setTimeout } from 'node:timers/promises';
import { type ContentPlace, uncPath } from '../../contract/content-from.ts';
import { MediasmithError } from '../../contract/errors.ts';
import type { ShareConnection } from '../place-to-write.ts';
import type { MountedMedium } from '../platform.ts';
import { SHARE_ERRORS } from '../win32/share-errors.ts';
import type { WinpeHost } from './host.ts';

/** How long a server may be away: also how long an address may take to come. */
const PATIENCE_SECONDS = 60;
const LOOK_AGAIN_MILLISECONDS = 1000;

const AWAY: readonly number[] = [53, 64, 1222, 1231];
const REFUSED: readonly number[] = [5, 86, 1326];
/** ERROR_ALREADY_ASSIGNED. */
const DRIVE_TAKEN = 85;

type Share = ContentPlace & { kind: 'share' };
type Access = { password?: string | undefined; signal?: AbortSignal | undefined; patienceSeconds?: number };

/**
 * Connects to a share; its folder is then opened by its own path, until the next restart. `PASSWORD_WRONG` where the
 * server refuses the account, `MEDIUM_NOT_FOUND` for everything else.
 */
export async function openShare(
  { win32 }: Pick<WinpeHost, 'win32'>,
  share: Share,
  { password, signal, patienceSeconds = PATIENCE_SECONDS }: Access,
): Promise<MountedMedium> {
  const root = uncPath(share);
  const deadline = performance.now() + patienceSeconds * 1000;
  for (;;) {
    signal?.throwIfAborted();
    const error = win32.connectShare(uncPath({ ...share, path: '' }), share.user, password);
    if (error === 0) return { root, device: root, disk: '', launchMode: 'PXE' };
    if (error === undefined || !AWAY.includes(error) || performance.now() >= deadline) throw failure(share, error);
    await setTimeout(LOOK_AGAIN_MILLISECONDS, undefined, { ...(signal !== undefined && { signal }) });
  }
}

/**
 * The password goes to Windows itself and is among the arguments of no program. A drive that is connected to the same
 * share stays: the step may have run before, since the last restart.
 */
export async function connectShare(
  { win32 }: Pick<WinpeHost, 'win32'>,
  { path, driveLetter, account, password = '' }: ShareConnection,
): Promise<void> {
  const drive = driveLetter === undefined ? undefined : `${driveLetter.charAt(0).toUpperCase()}:`;
  // Without an account nobody's password is asked for; with one an empty password is meant.
  const number = win32.connectShare(path, account, account === undefined ? undefined : password, drive);
  if (number === 0 || (number === DRIVE_TAKEN && drive !== undefined && isSame(win32.shareOfDrive(drive), path)))
    return;
  const meaning = meaningOf(number);
  throw new MediasmithError('STEP_FAILED', `${path} cannot be connected to: ${meaning}`, {
    where: drive ?? path,
    hint: "Check the server, the share, the account, and this computer's cable and address (ipconfig).",
    ...(number !== undefined && { exitCode: number }),
  });
}

function isSame(share: string | undefined, path: string): boolean {
  const [one, other] = [share, path].map((name) => name?.replace(/\\+$/, '').toLowerCase());
  return one === other;
}

function meaningOf(error: number | undefined): string {
  return error === undefined ? 'this boot image has no shares' : (SHARE_ERRORS[error] ?? `error ${error} of Windows`);
}

function failure(share: Share, error: number | undefined): MediasmithError {
  const where = uncPath(share);
  if (error !== undefined && REFUSED.includes(error) && share.user !== undefined)
    return new MediasmithError('PASSWORD_WRONG', `${where}: the account or the password is wrong`, { where });
  return new MediasmithError('MEDIUM_NOT_FOUND', `${where} cannot be opened: ${meaningOf(error)}`, {
    where,
    hint: "Check the server, the share and who may read it, and this computer's cable and address (ipconfig).",
  });
}
