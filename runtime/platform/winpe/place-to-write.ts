import { join } from 'node:path';
import { exists } from '../../host/exists.ts';
import { isBitLockerVolume } from '../bitlocker-volume.ts';
import { examineFiles } from '../examine-files.ts';
import { fileSystemAt, isExfatAt } from '../file-system-at.ts';
import { freeBytesOf } from '../free-bytes.ts';
import type { ExaminedVolume, OtherVolume, PlaceToWrite } from '../place-to-write.ts';
import type { TargetVolume, WritingPlace } from '../platform.ts';
import { volumeFiles } from '../volume-files.ts';
import { diskOfLetter, placeOfLetter, readLayout } from './devices.ts';
import type { WinpeHost } from './host.ts';
import { openShare } from './share.ts';
import { deviceOf, letterOf } from './volumes.ts';

type Host = Pick<WinpeHost, 'win32' | 'drive' | 'disk' | 'systemRoot'>;

/** Encrypted volumes that have a letter and no label: Windows reads nothing of them. */
export async function lockedVolumes(host: Host): Promise<{ device: string; disk: string }[]> {
  const locked: { device: string; disk: string }[] = [];
  for (const { letter, disk, startBytes } of letters(host)) {
    if (host.win32.volumeLabel(letter) !== undefined || !(await isBitLockerVolume(disk, startBytes))) continue;
    locked.push({ device: deviceOf(letter), disk });
  }
  return locked;
}

/** Windows has mended what an unclean end has left when it gave the volume its letter. */
export async function examineVolume({ drive }: Pick<Host, 'drive'>, volume: TargetVolume): Promise<ExaminedVolume> {
  const { hibernated, usedBytes } = await examineFiles(drive(letterOf(volume)));
  return { state: hibernated ? 'hibernated' : 'clean', usedBytes };
}

export async function otherVolumes(host: Host, wanted?: string): Promise<OtherVolume[]> {
  const found: OtherVolume[] = [];
  for (const { letter, disk, startBytes, bytes } of letters(host)) {
    const label = host.win32.volumeLabel(letter);
    const fileSystem =
      (await fileSystemAt(disk, startBytes)) ?? ((await isExfatAt(disk, startBytes)) ? 'exfat' : undefined);
    if (label === undefined || fileSystem === undefined || (await startsOrRepairs(host.drive(letter)))) continue;
    if (wanted !== undefined && label.toLowerCase() !== wanted.toLowerCase()) continue;
    found.push({ device: deviceOf(letter), disk, label, fileSystem, bytes });
  }
  return found;
}

function letters(host: Host): { letter: string; disk: string; startBytes: number; bytes: number }[] {
  const own = host.systemRoot.charAt(0).toUpperCase();
  return host.win32.driveLetters().flatMap((letter) => {
    const disk = letter === own ? undefined : diskOfLetter(host, letter);
    const number = disk === undefined ? undefined : placeOfLetter(host.win32, letter)?.partition;
    if (disk === undefined) return [];
    const layout = readLayout(host.win32, disk);
    const partitions = layout === undefined || layout.style === 'raw' ? [] : layout.partitions;
    const place = partitions.find((candidate) => candidate.number === number);
    return place === undefined ? [] : [{ letter, disk, startBytes: place.startBytes, bytes: place.bytes }];
  });
}

async function startsOrRepairs(root: string): Promise<boolean> {
  return (
    (await exists(join(root, 'bootmgr'))) ||
    (await exists(join(root, 'EFI/Microsoft/Boot'))) ||
    (await exists(join(root, 'Recovery/WindowsRE')))
  );
}

/** A share stays connected until the next restart, and is opened by its own path. `openPath`: another in tests. */
export async function openForWriting(
  host: Pick<Host, 'drive' | 'win32'>,
  place: PlaceToWrite,
  signal?: AbortSignal,
  openPath: (unc: string) => string = (unc) => unc,
): Promise<WritingPlace> {
  const path = await pathOf(host, place, signal, openPath);
  return {
    path,
    files: volumeFiles(path),
    freeBytes: await freeBytesOf(path),
    reread: async () => undefined,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function pathOf(
  { drive, win32 }: Pick<Host, 'drive' | 'win32'>,
  place: PlaceToWrite,
  signal: AbortSignal | undefined,
  openPath: (unc: string) => string,
): Promise<string> {
  if (place.kind === 'volume') return drive(place.volume.device.charAt(0));
  if (place.kind === 'folder') return place.path;
  const { root } = await openShare({ win32 }, place.share, { password: place.password, signal });
  return openPath(root);
}
