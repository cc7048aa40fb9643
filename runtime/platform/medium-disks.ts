import type { MountedMedium } from './platform.ts';

/** The disks a medium lies on: its own, and that of the bootable medium which has named it. */
export function disksOf(medium: MountedMedium | undefined): string[] {
  return [medium?.disk ?? '', medium?.startedFrom?.disk ?? ''].filter((disk) => disk !== '');
}
