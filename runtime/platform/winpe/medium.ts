import { setTimeout } from 'node:timers/promises';
import { MediasmithError } from '../../contract/errors.ts';
import type { DriveType } from '../../native/win32-storage.ts';
import { manifestIdAt } from '../manifest-id.ts';
import type { MountedMedium, WritableMedium } from '../platform.ts';
import { volumeFiles } from '../volume-files.ts';
import { wpeutilArgv } from './command-lines.ts';
import { diskOfLetter } from './devices.ts';
import { tryTo, type WinpeHost } from './host.ts';
import { runTool } from './run-tool.ts';

/** Slow sticks and card readers need a while before Windows shows them. */
const PATIENCE_SECONDS = 60;
const LOOK_AGAIN_MILLISECONDS = 500;
/** How a medium was started by the kind of drive it is on; every other kind is a stick. */
export const LAUNCH_MODES: Readonly<Partial<Record<DriveType, MountedMedium['launchMode']>>> = {
  cdrom: 'DVD',
  remote: 'PXE',
};

/** Looks at every drive until one holds the medium with this id, whatever its letter. */
export async function findMedium(
  host: WinpeHost,
  id: string,
  { signal, patienceSeconds = PATIENCE_SECONDS }: { signal?: AbortSignal | undefined; patienceSeconds?: number },
): Promise<MountedMedium> {
  const deadline = performance.now() + patienceSeconds * 1000;
  for (let looked = 0; ; looked++) {
    signal?.throwIfAborted();
    const found = await lookAtDrives(host, id);
    if (found !== undefined) return found;
    if (performance.now() >= deadline) throw notFound(host, id);
    if (looked === 0) await waitForStorage(host, signal);
    else await setTimeout(LOOK_AGAIN_MILLISECONDS, undefined, { ...(signal !== undefined && { signal }) });
  }
}

/** Looks at every drive once. */
export async function lookAtDrives(
  host: Pick<WinpeHost, 'win32' | 'drive' | 'disk'>,
  id: string,
): Promise<MountedMedium | undefined> {
  const { win32, drive } = host;
  for (const letter of win32.driveLetters()) {
    const root = drive(letter);
    if ((await manifestIdAt(root)) !== id) continue;
    return {
      root,
      device: `${letter}:`,
      disk: diskOfLetter(host, letter) ?? '',
      launchMode: LAUNCH_MODES[win32.driveType(letter)] ?? 'UFD',
    };
  }
  return undefined;
}

/** A stick, unless it is write-protected or made from an image of a disc: then the first write fails. */
export function writableMedium({ root, launchMode }: MountedMedium): WritableMedium | undefined {
  if (launchMode !== 'UFD') return undefined;
  return { files: volumeFiles(root), [Symbol.asyncDispose]: async () => undefined };
}

async function waitForStorage(host: WinpeHost, signal: AbortSignal | undefined): Promise<void> {
  const failure = 'the wait for drives failed';
  const argv = wpeutilArgv(host.systemRoot, 'WaitForRemovableStorage');
  await tryTo(host, () => runTool(host.exec, { tool: 'wpeutil', failure, argv, signal }));
}

function notFound({ win32 }: WinpeHost, id: string): MediasmithError {
  return new MediasmithError('MEDIUM_NOT_FOUND', `no drive holds the medium ${id}`, {
    hint: 'Put the stick or disc back, or try another port: this boot image may lack the driver of this one.',
    lines: win32.driveLetters().map((letter) => `looked at: ${letter}: (${win32.driveType(letter)})`),
  });
}
