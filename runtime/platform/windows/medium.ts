import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MediasmithError } from '../../contract/errors.ts';
import { manifestIdAt } from '../manifest-id.ts';
import type { MountedMedium } from '../platform.ts';
import { diskOfLetter } from '../winpe/devices.ts';
import type { WinpeHost } from '../winpe/host.ts';
import { LAUNCH_MODES, lookAtDrives } from '../winpe/medium.ts';

type Drives = Pick<WinpeHost, 'win32' | 'drive' | 'disk'>;
type Search = { signal?: AbortSignal | undefined; patienceSeconds?: number };

/** A stick may come a while after Windows has started. */
const PATIENCE_SECONDS = 60;
const LOOK_AGAIN_MILLISECONDS = 500;

/**
 * Finds the medium with this id: where the program itself lies on one, which may be a share or a folder, else among all
 * drives. `program` is its full path.
 */
export async function findMedium(
  host: Drives,
  program: string,
  id: string,
  { signal, patienceSeconds = PATIENCE_SECONDS }: Search = {},
): Promise<MountedMedium> {
  const around = await mediumAround(program);
  if (around?.id === id) return describeFolder(host, around.root);
  const deadline = performance.now() + patienceSeconds * 1000;
  for (;;) {
    signal?.throwIfAborted();
    const found = await lookAtDrives(host, id);
    if (found !== undefined) return found;
    if (performance.now() >= deadline) break;
    await setTimeout(LOOK_AGAIN_MILLISECONDS, undefined, { ...(signal !== undefined && { signal }) });
  }
  const { win32 } = host;
  throw new MediasmithError('MEDIUM_NOT_FOUND', `no drive holds the medium ${id}`, {
    hint: 'Connect the stick or put the disc in, or start mediasmith.exe from the medium itself.',
    lines: win32.driveLetters().map((letter) => `looked at: ${letter}: (${win32.driveType(letter)})`),
  });
}

/** The medium that a program lies on: its folder or one above it has the manifest. */
export async function mediumAround(program: string): Promise<{ root: string; id: string } | undefined> {
  for (let folder = dirname(program), below = program; folder !== below; below = folder, folder = dirname(folder)) {
    const id = await manifestIdAt(folder);
    if (id !== undefined) return { root: folder, id };
  }
  return undefined;
}

function describeFolder(host: Drives, root: string): MountedMedium {
  const letter = /^([A-Z]):/i.exec(root)?.[1]?.toUpperCase();
  if (letter === undefined) return { root, device: root, disk: '', launchMode: 'PXE' };
  const launchMode = LAUNCH_MODES[host.win32.driveType(letter)] ?? 'UFD';
  return { root, device: `${letter}:`, disk: diskOfLetter(host, letter) ?? '', launchMode };
}
