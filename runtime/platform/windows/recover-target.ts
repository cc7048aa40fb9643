import { MediasmithError } from '../../contract/errors.ts';
import type { TargetDisk, TargetVolume } from '../platform.ts';
import { readLayout } from '../winpe/devices.ts';
import type { WinpeHost } from '../winpe/host.ts';
import { deviceOf } from '../winpe/volumes.ts';
import { lettersOn } from './letters.ts';

/** As many as the inventory looks for. */
const MOST_DISKS = 64;

/**
 * The same disk in the Windows that was deployed to it, whatever its number is now. Its volumes have the letters Windows
 * has given them, and no device where it has given none, as to the system volume. `VOLUME_NOT_FOUND` when it is gone.
 */
export function recoverTarget({ win32, disk }: Pick<WinpeHost, 'win32' | 'disk'>, target: TargetDisk): TargetDisk {
  for (let number = 0; number < MOST_DISKS; number++) {
    const device = disk(number);
    const layout = readLayout(win32, device);
    if (layout?.style !== target.style || layout.identity.toLowerCase() !== target.identity.toLowerCase()) continue;
    const letters = lettersOn(win32, number);
    const here = (volume: TargetVolume): TargetVolume => {
      const letter = letters.get(volume.number);
      return { ...volume, device: letter === undefined ? '' : deviceOf(letter) };
    };
    const windows = target.windows && { windows: here(target.windows) };
    return { ...target, device, volumes: target.volumes.map(here), ...windows };
  }
  throw new MediasmithError(
    'VOLUME_NOT_FOUND',
    `the disk that was deployed (${target.identity}) is not in this machine`,
    {
      hint: 'Start the sequence from its beginning.',
    },
  );
}
