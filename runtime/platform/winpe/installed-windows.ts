import { join } from 'node:path';
import { exists } from '../../host/exists.ts';
import { fileSystemAt } from '../file-system-at.ts';
import { freeBytesOf } from '../free-bytes.ts';
import type { TargetDisk, TargetVolume } from '../platform.ts';
import { diskOfLetter, placeOfLetter, readLayout, sameDisk } from './devices.ts';
import { listDisks } from './disks.ts';
import type { WinpeHost } from './host.ts';
import { deviceOf } from './volumes.ts';

type Host = Pick<WinpeHost, 'win32' | 'drive' | 'disk' | 'systemRoot'>;

/** Every disk with a Windows on a drive that has a letter, but for WinPE's own. */
export async function installedWindows(host: Host): Promise<TargetDisk[]> {
  const found: TargetDisk[] = [];
  for (const letter of fixedLetters(host)) {
    if (!(await exists(join(host.drive(letter), 'Windows/System32/config/SYSTEM')))) continue;
    const device = diskOfLetter(host, letter);
    const layout = device === undefined ? undefined : readLayout(host.win32, device);
    if (device === undefined || layout === undefined || layout.style === 'raw') continue;
    const volumes = await volumesOn(host, device, layout.partitions);
    const windows = volumes.find((volume) => volume.device === deviceOf(letter));
    if (windows === undefined) continue;
    found.push({ device, style: layout.style, identity: layout.identity, volumes, windows });
  }
  return found;
}

/** Space in no partition and in volumes with a letter, of the one disk that has the most. */
export async function freeSpace(host: Host): Promise<number> {
  const sums = [0];
  for (const { device, bytes, removable, bus } of await listDisks(host)) {
    if (removable || bus === 'usb') continue;
    const partitions = readLayout(host.win32, device)?.partitions ?? [];
    let free = partitions.reduce((left, partition) => left - partition.bytes, bytes);
    for (const letter of fixedLetters(host)) {
      if (sameDisk(diskOfLetter(host, letter) ?? '', device)) free += await freeBytesOf(host.drive(letter));
    }
    sums.push(Math.max(0, free));
  }
  return Math.max(...sums);
}

/** Letters of fixed disks, but for WinPE's own. */
export function fixedLetters({ win32, systemRoot }: Host): string[] {
  const own = systemRoot.charAt(0).toUpperCase();
  return win32.driveLetters().filter((letter) => letter !== own && win32.driveType(letter) === 'fixed');
}

type Place = { number: number; startBytes: number; bytes: number; guid?: string };

/** The volumes of a disk that have a letter, in their order on it. */
async function volumesOn(host: Host, device: string, places: readonly Place[]): Promise<TargetVolume[]> {
  const volumes: TargetVolume[] = [];
  for (const letter of fixedLetters(host)) {
    if (!sameDisk(diskOfLetter(host, letter) ?? '', device)) continue;
    const number = placeOfLetter(host.win32, letter)?.partition;
    const place = places.find((candidate) => candidate.number === number);
    if (place === undefined) continue;
    const fileSystem = (await fileSystemAt(device, place.startBytes)) ?? 'none';
    const role = await roleOf(host.drive(letter));
    volumes.push({ ...place, name: letter, role, device: deviceOf(letter), fileSystem });
  }
  return volumes.sort((a, b) => a.startBytes - b.startBytes);
}

/** By what lies on it: the table's types say less of MBR disks. */
export async function roleOf(root: string): Promise<TargetVolume['role']> {
  if (await exists(join(root, 'Windows/System32'))) return 'primary';
  if ((await exists(join(root, 'bootmgr'))) || (await exists(join(root, 'EFI/Microsoft/Boot')))) return 'system';
  return (await exists(join(root, 'Recovery/WindowsRE'))) ? 'recovery' : 'primary';
}
