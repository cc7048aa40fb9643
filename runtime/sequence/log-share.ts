import { type ContentPlace, contentPlace } from '../contract/content-from.ts';
import type { Sequence } from './schema.ts';

/** Where logs go on a file server: `share` is the share itself, `folder` the path on it with forward slashes. */
export type LogShare = { share: ContentPlace & { kind: 'share' }; folder: string };

export function isOnShare(folder: string): boolean {
  return /^[\\/]{2}[^\\/]/.test(folder);
}

/** A `logFolder` on a share, with its variables replaced. An ordinary Error for one that names none. Pure. */
export function logShareOf(logFolder: string, account: string | undefined): LogShare {
  try {
    const place = contentPlace({ share: logFolder, ...(account !== undefined && { user: account }) });
    if (place.kind === 'share') return { share: { ...place, path: '' }, folder: place.path };
  } catch {
    // Said below.
  }
  throw new Error(`${logFolder} is no folder on a share: \\\\server\\share\\folder`);
}

/** Whether a medium with this sequence must reach a network for its logs. */
export function leavesLogsOnShare({ logFolder, logAccount }: Pick<Sequence, 'logFolder' | 'logAccount'>): boolean {
  return logFolder !== undefined && (logAccount !== undefined || isOnShare(logFolder));
}

/** What is wrong with these fields, together and with the folder itself, each with the field. */
export function logShareProblems({ logFolder, logAccount, logPassword }: Sequence): [field: string, message: string][] {
  const noShare = logFolder === undefined || logFolder.includes('%') ? undefined : whyNoShare(logFolder);
  if (noShare !== undefined) return [['logFolder', noShare]];
  if (logAccount === undefined) return logPassword === undefined ? [] : [['logPassword', 'it needs a logAccount']];
  if (logFolder !== undefined && (logFolder.includes('%') || isOnShare(logFolder))) return [];
  return [['logAccount', 'it needs a logFolder on a share: \\\\server\\share\\folder']];
}

/** Undefined also for what is meant for no share. */
function whyNoShare(logFolder: string): string | undefined {
  if (!isOnShare(logFolder)) return undefined;
  try {
    logShareOf(logFolder, undefined);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
