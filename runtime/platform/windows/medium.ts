import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { MediasmithError } from '../../contract/errors.ts';
import { exists } from '../../host/exists.ts';
import { manifestIdAt } from '../manifest-id.ts';
import type { MountedMedium } from '../platform.ts';
import { REMEMBERED_MEDIUM, rememberedAddress } from '../remembered-medium.ts';
import { diskOfLetter, placeOfLetter } from '../winpe/devices.ts';
import type { WinpeHost } from '../winpe/host.ts';
import { LAUNCH_MODES, lookAtDrives } from '../winpe/medium.ts';
import { keptFolder } from './keep-medium.ts';
import { lettersOn } from './letters.ts';

type Drives = Pick<WinpeHost, 'win32' | 'drive' | 'disk' | 'log'>;
type Search = { signal?: AbortSignal | undefined; patienceSeconds?: number };

/** A stick may come a while after Windows has started, and somebody may have taken it out. */
const PATIENCE_SECONDS = 15 * 60;
const LOOK_AGAIN_MILLISECONDS = 500;

/** The running Windows: the letter of its drive, and the full path of this program. */
type Place = { letter: string; program: string };

/**
 * Finds the medium with this id: where the program itself lies on one, or did before the restart, which may be a share or
 * a folder, else among all drives.
 */
export async function findMedium(
  host: Drives,
  { letter, program }: Place,
  id: string,
  { signal, patienceSeconds = PATIENCE_SECONDS }: Search = {},
): Promise<MountedMedium> {
  const around = await mediumAround(program);
  if (around?.id === id) return describeFolder(host, around.root);
  const before = await remembered(host, letter);
  const deadline = performance.now() + patienceSeconds * 1000;
  for (let looked = 0; ; looked++) {
    signal?.throwIfAborted();
    for (const folder of [before, keptFolder(host, letter)])
      if (folder !== undefined && (await manifestIdAt(folder)) === id) return describeFolder(host, folder);
    const found = await lookAtDrives(host, id);
    if (found !== undefined) return found;
    if (performance.now() >= deadline) break;
    if (looked === 0) host.log('info', `waiting for the medium ${id}, ${Math.ceil(patienceSeconds / 60)} min at most`);
    await setTimeout(LOOK_AGAIN_MILLISECONDS, undefined, { ...(signal !== undefined && { signal }) });
  }
  const { win32 } = host;
  throw new MediasmithError('MEDIUM_NOT_FOUND', `no drive holds the medium ${id}`, {
    hint: 'Connect the stick or put the disc in, or start mediasmith.exe from the medium itself.',
    lines: win32.driveLetters().map((letter) => `looked at: ${letter}: (${win32.driveType(letter)})`),
  });
}

/**
 * A file that a machine starts from, by its path on the medium: of a stick with two volumes it lies on the other one,
 * which has a letter of its own. Where it is nowhere, the path it would have beside the manifest.
 */
export async function bootFile(
  { win32, drive }: Pick<WinpeHost, 'win32' | 'drive'>,
  { root, device }: MountedMedium,
  path: string,
): Promise<string> {
  const beside = join(root, path);
  if (await exists(beside)) return beside;
  const place = placeOfLetter(win32, device.charAt(0));
  const letters = place === undefined ? [] : lettersOn(win32, place.disk).values();
  for (const letter of letters) {
    const there = join(drive(letter), path);
    if (await exists(there)) return there;
  }
  return beside;
}

/** For the program that goes on after a restart, which does not lie on the medium. */
export async function rememberMedium(
  { drive }: Pick<WinpeHost, 'drive'>,
  letter: string,
  { root, address }: MountedMedium,
): Promise<void> {
  await writeFile(join(drive(letter), REMEMBERED_MEDIUM), address ?? root);
}

async function remembered({ drive }: Pick<WinpeHost, 'drive'>, letter: string): Promise<string | undefined> {
  return readFile(join(drive(letter), REMEMBERED_MEDIUM), 'utf8').catch(() => undefined);
}

/** The address at which a run has its medium that goes on here; undefined where it has it in a drive, a folder or a share. */
export async function addressBefore(host: Pick<WinpeHost, 'drive'>, letter: string): Promise<string | undefined> {
  return rememberedAddress(await remembered(host, letter));
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
