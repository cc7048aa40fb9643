import { MediasmithError } from '../../contract/errors.ts';
import { tableIdentity } from '../disk-start.ts';
import type { TargetDisk, TargetVolume } from '../platform.ts';
import { readAt } from '../raw-disk.ts';
import { readLayout } from '../winpe/devices.ts';
import type { WinpeHost } from '../winpe/host.ts';
import { withNumbers } from '../winpe/partition-numbers.ts';
import { deviceOf } from '../winpe/volumes.ts';
import { lettersOn } from './letters.ts';

/** As many as the inventory looks for. */
const MOST_DISKS = 64;
const MIB = 1024 ** 2;

/**
 * The same disk in the Windows that was deployed to it, whatever its number is now. Its volumes have the letters Windows
 * has given them, and no device where it has given none, as to the system volume. `VOLUME_NOT_FOUND` when it is gone.
 */
export async function recoverTarget(
  { win32, disk }: Pick<WinpeHost, 'win32' | 'disk'>,
  target: TargetDisk,
): Promise<TargetDisk> {
  const wanted = `${target.style} ${target.identity}`.toLowerCase();
  for (let number = 0; number < MOST_DISKS; number++) {
    const device = disk(number);
    if ((await identityOf(win32, device))?.toLowerCase() !== wanted) continue;
    const letters = lettersOn(win32, number);
    const here = (volume: TargetVolume): TargetVolume => {
      const letter = letters.get(volume.number);
      return { ...volume, device: letter === undefined ? '' : deviceOf(letter) };
    };
    const now = withNumbers(win32, { ...target, device });
    const windows = now.windows && { windows: here(now.windows) };
    return { ...now, volumes: now.volumes.map(here), ...windows };
  }
  throw new MediasmithError(
    'VOLUME_NOT_FOUND',
    `the disk that was deployed (${target.identity}) is not in this machine`,
    {
      hint: 'Start the sequence from its beginning.',
    },
  );
}

/** As Windows says; where it does not, by the table itself. */
async function identityOf(win32: WinpeHost['win32'], device: string): Promise<string | undefined> {
  const layout = readLayout(win32, device);
  if (layout !== undefined) return layout.style === 'raw' ? undefined : `${layout.style} ${layout.identity}`;
  return readAt(device, 0, MIB).then(tableIdentity, () => undefined);
}
