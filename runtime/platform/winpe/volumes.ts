import { MediasmithError } from '../../contract/errors.ts';
import type { MountedVolume, TargetVolume } from '../platform.ts';
import { volumeFiles } from '../volume-files.ts';
import type { WinpeHost } from './host.ts';

/** What opens the volume with a letter: the root of a drive. */
export function deviceOf(letter: string): string {
  return `${letter}:\\`;
}

/** The letter of a volume that has a file system. `VOLUME_NOT_FOUND` for one that is hidden, or was to have none. */
export function letterOf({ device, name }: Pick<TargetVolume, 'device' | 'name'>): string {
  const letter = /^([A-Z]):\\$/.exec(device)?.[1];
  if (letter !== undefined) return letter;
  throw new MediasmithError('VOLUME_NOT_FOUND', `volume "${name}" has no drive letter`, {
    hint: 'A volume that is hidden, has no file system or was laid out without a letter has none: name another one.',
  });
}

/** Windows has given it its letter: there is nothing to mount. */
export function mountedVolume({ drive }: Pick<WinpeHost, 'drive'>, volume: TargetVolume): MountedVolume {
  const path = drive(letterOf(volume));
  return { path, files: volumeFiles(path), [Symbol.asyncDispose]: async () => undefined };
}
