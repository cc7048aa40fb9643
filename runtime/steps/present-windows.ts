import { MediasmithError } from '../contract/errors.ts';
import type { TargetDisk, TargetVolume } from '../platform/platform.ts';
import type { StepContext } from './context.ts';

export type PresentWindows = { disk: TargetDisk; windows: TargetVolume };

/** The Windows that this machine has: the one this run has applied, else the only one that is found. Never a guess. */
export async function presentWindows({ platform, state }: StepContext): Promise<PresentWindows> {
  const disks = state.target?.windows === undefined ? await platform.installedWindows() : [state.target];
  const found = disks.flatMap((disk) => (disk.windows === undefined ? [] : [{ disk, windows: disk.windows }]));
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  throw new MediasmithError(
    'VOLUME_NOT_FOUND',
    only === undefined
      ? 'no installed Windows is found on this machine'
      : `${found.length} installed Windows are found`,
    {
      lines: found.map(({ windows }) => `${windows.name} (${windows.device})`),
      hint:
        only === undefined
          ? 'A volume that BitLocker has locked cannot be read: suspend the protection before.'
          : 'Take out the disks that are not meant.',
    },
  );
}
