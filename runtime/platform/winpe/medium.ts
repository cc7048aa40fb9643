import { MediasmithError } from '../../contract/errors.ts';
import type { DriveType } from '../../native/win32-storage.ts';
import { manifestIdAt } from '../manifest-id.ts';
import { onTwoDisks } from '../on-two-disks.ts';
import type { MountedMedium, WritableMedium } from '../platform.ts';
import { volumeFiles } from '../volume-files.ts';
import { diskOfLetter, sameDisk } from './devices.ts';
import type { WinpeHost } from './host.ts';
import { prestagedMedium } from './prestaged-medium.ts';

/** How a medium was started by the kind of drive it is on; every other kind is a stick. */
export const LAUNCH_MODES: Readonly<Partial<Record<DriveType, MountedMedium['launchMode']>>> = {
  cdrom: 'DVD',
  remote: 'PXE',
};

/** The medium with this id, whatever its letter. */
export async function findMedium(host: WinpeHost, id: string): Promise<MountedMedium> {
  const found = await lookAtDrives(host, id);
  if (found === undefined) throw new MediasmithError('MEDIUM_NOT_FOUND', `no drive holds the medium ${id} any more`);
  return asPrestaged(host, found);
}

async function asPrestaged(host: WinpeHost, medium: MountedMedium): Promise<MountedMedium> {
  const there = await prestagedMedium(host, medium);
  if (there === undefined) return medium;
  const other = await otherDiskWith(host, there.id, medium.disk);
  if (other !== undefined) throw onTwoDisks(medium.disk, other);
  return { ...medium, launchMode: 'HD', prestaged: true };
}

/** While a medium is moved, its own disk may have it twice. */
async function otherDiskWith(host: WinpeHost, id: string, own: string): Promise<string | undefined> {
  const { win32, drive } = host;
  for (const letter of win32.driveLetters()) {
    const disk = diskOfLetter(host, letter);
    if (disk === undefined || sameDisk(disk, own) || win32.driveType(letter) !== 'fixed') continue;
    if ((await manifestIdAt(drive(letter))) === id) return disk;
  }
  return undefined;
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
