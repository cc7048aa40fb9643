import type { TargetVolume } from '../platform/platform.ts';
import type { StepContext } from './context.ts';

/** A drive of WinPE or the running Windows as a volume: the one that a step has made, or any other. */
export function driveVolume(letter: string, { state }: StepContext): TargetVolume {
  const known = state.target?.volumes.find(({ device }) => device.startsWith(`${letter}:`));
  if (known !== undefined) return known;
  const device = `${letter}:\\`;
  return { name: letter, role: 'primary', device, number: 0, startBytes: 0, bytes: 0, fileSystem: 'ntfs' };
}

/** The drive of the Windows that runs. */
export function systemDrive(context: StepContext): TargetVolume {
  return driveVolume(context.machine.operatingSystem?.systemDrive.charAt(0).toUpperCase() ?? 'C', context);
}
