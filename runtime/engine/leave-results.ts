import { readFile } from 'node:fs/promises';
import { basename, posix, win32 } from 'node:path';
import { MEDIUM_RESULTS, type RunResult, WINDOWS_LOG_FOLDER, windowsResultPath } from '../contract/results.ts';
import { expandText, type Variables } from '../contract/variables.ts';
import type { Medium, Platform, TargetVolume, VolumeFiles } from '../platform/platform.ts';
import { volumeFiles } from '../platform/volume-files.ts';
import { isOnShare, logShareOf } from '../sequence/log-share.ts';
import type { Sequence } from '../sequence/schema.ts';
import { hideSecret } from '../steps/hide-secret.ts';
import { messageOf } from './report-failure.ts';

export type Leaving = {
  result: RunResult;
  sequence: Sequence;
  variables: Variables;
  platform: Platform;
  medium: Medium;
  /** The Windows that was deployed, or the one that runs. */
  windows: TargetVolume | undefined;
  logFile: string;
  log: (level: 'info' | 'warning', message: string) => void;
};

/** Leaves log and result in every place that takes them, and returns those places. Never throws. */
export async function leaveResults(leaving: Leaving): Promise<string[]> {
  const { log } = leaving;
  const places: string[] = [];
  const attempt = async (level: 'info' | 'warning', what: string, leave: () => Promise<string | undefined>) => {
    try {
      const place = await leave();
      if (place !== undefined) places.push(place);
    } catch (error) {
      log(level, `log and result could not be left ${what}: ${messageOf(error)}`);
    }
  };
  await attempt('warning', 'on the Windows volume', () => onWindows(leaving));
  // A stick may be write-protected: that is its owner's wish.
  await attempt('info', 'on the medium', () => onMedium(leaving));
  await attempt('warning', 'in the log folder of the sequence', () => inLogFolder(leaving));
  return places;
}

/** A log that ends here because the run goes on elsewhere: on the Windows volume, under the time of its end. */
export async function leavePartOfLog(
  { platform, windows, logFile, log }: Pick<Leaving, 'platform' | 'windows' | 'logFile' | 'log'>,
  now: Date,
): Promise<void> {
  if (windows === undefined) return;
  try {
    await using volume = await platform.mount(windows, 'write');
    const name = basename(logFile).replace(/(\.[^.]*)?$/, `-${stamp(now.toISOString())}$1`);
    await volume.files.copyIn(logFile, `${WINDOWS_LOG_FOLDER}/${name}`);
  } catch (error) {
    log('warning', `the log of this part of the run could not be left on the disk: ${messageOf(error)}`);
  }
}

async function onWindows(leaving: Leaving): Promise<string | undefined> {
  const { platform, windows, sequence, logFile, result } = leaving;
  if (windows === undefined) return undefined;
  await using volume = await platform.mount(windows, 'write');
  await volume.files.write(windowsResultPath(sequence.id), textOf(result));
  await withoutLog(leaving, () => volume.files.copyIn(logFile, `${WINDOWS_LOG_FOLDER}/${basename(logFile)}`));
  return `${WINDOWS_LOG_FOLDER.replaceAll('/', '\\')} on the Windows volume`;
}

/** A result alone is better than none. */
async function withoutLog({ log }: Leaving, leaveLog: () => Promise<void>): Promise<void> {
  try {
    await leaveLog();
  } catch (error) {
    log('warning', `the result is left without the log: ${messageOf(error)}`);
  }
}

async function onMedium(leaving: Leaving): Promise<string | undefined> {
  const { platform, medium, result } = leaving;
  // A bootable medium is what somebody carries.
  await using writable = await platform.writableMedium(medium.startedFrom ?? medium);
  if (writable === undefined) return undefined;
  const folder = `${MEDIUM_RESULTS}/${folderName(result)}`;
  await writeBoth(writable.files, folder, leaving);
  return `${folder} on the medium`;
}

async function inLogFolder(leaving: Leaving): Promise<string | undefined> {
  const { platform, sequence, variables, result } = leaving;
  if (sequence.logFolder === undefined) return undefined;
  const root = expandText(sequence.logFolder, variables);
  const place = `${root}, folder ${folderName(result)}`;
  const known = platform.name === 'linux' ? posix.isAbsolute(root) : win32.isAbsolute(root) || posix.isAbsolute(root);
  if (!(known || isOnShare(root)) || /%[A-Za-z_][\w-]*%/.test(root)) {
    throw new Error(`${root} is no folder that can be reached from here`);
  }
  if (isOnShare(root)) {
    await ontoShare(root, leaving);
    return place;
  }
  await writeBoth(volumeFiles(root), folderName(result), leaving);
  return place;
}

/** Folders on the share are made where they are not there. */
async function ontoShare(root: string, leaving: Leaving): Promise<void> {
  const { platform, sequence, variables, result, log } = leaving;
  const [account, password] = [sequence.logAccount, sequence.logPassword].map(
    (text) => text && expandText(text, variables),
  );
  const there = logShareOf(root, account);
  // A server that is away is waited for.
  log('info', `connecting to ${root}, for log and result`);
  hideSecret(variables, password);
  await using open = await platform.openForWriting({ kind: 'share', share: there.share, password });
  await writeBoth(open.files, posix.join(there.folder, folderName(result)), leaving);
}

async function writeBoth(files: VolumeFiles, folder: string, leaving: Leaving): Promise<void> {
  const { result, logFile } = leaving;
  await files.write(`${folder}/result.json`, textOf(result));
  await withoutLog(leaving, async () => files.write(`${folder}/${basename(logFile)}`, await readFile(logFile)));
}

function textOf(result: RunResult): string {
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

/** `<machine>-<time>`, with characters that every file system takes. */
export function folderName({ machine, ended }: Pick<RunResult, 'machine' | 'ended'>): string {
  const name = [machine.name, machine.serial, machine.uuid].find((text) => text.trim() !== '') ?? 'machine';
  return `${name.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 60)}-${stamp(ended)}`;
}

/** 20261121T134859Z */
function stamp(iso: string): string {
  return `${iso.slice(0, 19).replace(/[-:]/g, '')}Z`;
}
