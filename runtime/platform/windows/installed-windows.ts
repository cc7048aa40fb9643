import type { TargetDisk, TargetVolume } from '../platform.ts';
import { placeOfLetter, readLayout } from '../winpe/devices.ts';
import type { WinpeHost } from '../winpe/host.ts';
import { deviceOf } from '../winpe/volumes.ts';
import { lettersOn } from './letters.ts';

/**
 * The disk the running Windows is on, with the volumes that have letters: what has none cannot be read. None where Windows
 * is on no plain partition, as on a storage space. Every volume counts as NTFS.
 */
export function runningWindows({ win32, disk }: Pick<WinpeHost, 'win32' | 'disk'>, letter: string): TargetDisk[] {
  const place = placeOfLetter(win32, letter);
  const device = place === undefined ? '' : disk(place.disk);
  const layout = place === undefined ? undefined : readLayout(win32, device);
  if (place === undefined || layout === undefined || layout.style === 'raw') return [];
  const letters = lettersOn(win32, place.disk);
  const volumes = layout.partitions.flatMap((partition): TargetVolume[] => {
    const own = letters.get(partition.number);
    if (own === undefined) return [];
    const name = own === letter ? 'Windows' : `${own}:`;
    return [{ ...partition, name, role: 'primary', device: deviceOf(own), fileSystem: 'ntfs' }];
  });
  const windows = volumes.find(({ number }) => number === place.partition);
  if (windows === undefined) return [];
  return [{ device, style: layout.style, identity: layout.identity, volumes, windows }];
}
