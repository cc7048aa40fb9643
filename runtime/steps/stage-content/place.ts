import { MediasmithError } from '../../contract/errors.ts';
import type { TargetVolume } from '../../platform/platform.ts';
import type { StepContext } from '../context.ts';
import { driveVolume, systemDrive } from '../drive.ts';
import { windowsVolume } from '../target.ts';

/** A folder on a volume: where it is now, and what Windows calls it. */
export type Place = { volume: TargetVolume; path: string; shown: string };

/** Beside the state of the sequence: it goes when the sequence ends. */
const DEFAULT = '_SMSTaskSequence/Packages';
const DRIVE = /^([A-Za-z]):[\\/]*/;

/**
 * The folder that gets the packages. Without a letter it is on the Windows that is being deployed, or runs. The Linux
 * boot environment has no letters: there C: is the Windows on the disk, by which it calls itself once it runs.
 */
export function placeOf(destination: string | undefined, context: StepContext): Place {
  if (destination?.startsWith('\\\\')) {
    throw new MediasmithError('STEP_FAILED', 'packages are staged on a disk and not in a shared folder', {
      where: destination,
    });
  }
  const letter = DRIVE.exec(destination ?? '')?.[1]?.toUpperCase();
  const path = (destination ?? DEFAULT)
    .replace(DRIVE, '')
    .replaceAll('\\', '/')
    .replace(/^\/+|\/+$/g, '');
  const volume = volumeFor(letter, context);
  const drive = /^([A-Z]):/.exec(volume.device)?.[1] ?? 'C';
  return { volume, path, shown: `${drive}:\\${path.replaceAll('/', '\\')}` };
}

function volumeFor(letter: string | undefined, context: StepContext): TargetVolume {
  const { platform } = context;
  if (platform.name === 'linux') {
    if (letter === undefined || letter === 'C') return windowsVolume(context);
    throw new MediasmithError('VOLUME_NOT_FOUND', `the Linux boot environment has no drive ${letter}:`, {
      hint: 'Write C: for the Windows on the disk, or no drive at all.',
    });
  }
  if (letter !== undefined) return driveVolume(letter, context);
  return platform.name === 'winpe' ? windowsVolume(context) : systemDrive(context);
}
