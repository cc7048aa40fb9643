import { MediasmithError } from '../contract/errors.ts';
import type { ManifestImage } from '../contract/manifest.ts';
import type { TargetDisk, TargetVolume } from '../platform/platform.ts';
import type { StepContext } from './context.ts';

/** The disk this run has laid out. `VOLUME_NOT_FOUND` when no step has done so. */
export function targetOf(context: StepContext): TargetDisk {
  if (context.state.target !== undefined) return context.state.target;
  throw new MediasmithError('VOLUME_NOT_FOUND', 'no disk has been partitioned in this run', {
    hint: 'Put a format-and-partition-disk step before this one.',
  });
}

/** A volume of the target by its name, in either case. */
export function volumeNamed(context: StepContext, name: string): TargetVolume {
  const { volumes } = targetOf(context);
  const volume = volumes.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
  if (volume !== undefined) return volume;
  throw new MediasmithError('VOLUME_NOT_FOUND', `the deployed disk has no volume named "${name}"`, {
    hint: `It has: ${volumes.map((known) => known.name).join(', ')}.`,
  });
}

/** The volume that Apply Operating System has filled. */
export function windowsVolume(context: StepContext): TargetVolume {
  const volume = context.state.target?.windows;
  if (volume !== undefined) return volume;
  throw new MediasmithError('VOLUME_NOT_FOUND', 'no operating system has been applied in this run', {
    hint: 'Put an apply-operating-system step before this one.',
  });
}

/** An image or a package of the medium by its name. */
export function imageNamed(list: readonly ManifestImage[], name: string, kind: 'image' | 'package'): ManifestImage {
  const image = list.find((candidate) => candidate.name === name);
  if (image !== undefined) return image;
  throw new MediasmithError('IMAGE_NOT_FOUND', `the medium has no ${kind} named "${name}"`, {
    hint: `It has: ${list.map((known) => known.name).join(', ') || 'none'}.`,
  });
}

/** The image of this name, or the one of the same file that has this index in it. */
export function imageToApply(list: readonly ManifestImage[], name: string, index: number | undefined): ManifestImage {
  const named = imageNamed(list, name, 'image');
  if (index === undefined || index === named.index) return named;
  const beside = list.filter(({ file }) => file === named.file);
  const image = beside.find((candidate) => candidate.index === index);
  if (image !== undefined) return image;
  throw new MediasmithError('IMAGE_NOT_FOUND', `${named.file} has no image ${index} that the medium knows`, {
    hint: `It has: ${beside.map((known) => `${known.index} (${known.name})`).join(', ')}.`,
  });
}
