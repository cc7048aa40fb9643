import { MediasmithError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import type { ExaminedVolume, OtherVolume } from '../../platform/place-to-write.ts';
import type { TargetVolume } from '../../platform/platform.ts';

export type Examined = { volume: TargetVolume; examined: ExaminedVolume };

/** FAT32 says how long a file is in 32 bits. */
const FAT32_FILE_BYTES = 2 ** 32 - 1;
/** No Windows compresses to less. */
const BEST_COMPRESSION = 3;

/** `STEP_FAILED` for a volume that Windows has not let go of: what is read of it is not what it is. Pure. */
export function refuseUnclean(volumes: readonly Examined[]): void {
  const bad = volumes.filter(({ examined }) => examined.state !== 'clean');
  if (bad.length === 0) return;
  const words = {
    hibernated: 'Windows is hibernated on it',
    unclean: 'it was not closed, or needs a check',
    clean: '',
  };
  throw new MediasmithError('STEP_FAILED', 'a volume that is to be captured is not shut down', {
    lines: bad.map(({ volume, examined }) => `${volume.name} (${volume.device}): ${words[examined.state]}`),
    hint: 'Start that Windows and shut it down whole (shutdown /s /t 0); if that does not help, run chkdsk. Nothing was written.',
  });
}

/**
 * Throws where the image cannot fit. Returns a warning where it may not: how small it becomes is known when it is
 * written. `freeBytes` undefined: nobody says. Pure.
 */
export function checkRoom(
  volumes: readonly Examined[],
  freeBytes: number | undefined,
  fileSystem: OtherVolume['fileSystem'] | undefined,
  shown: string,
): string | undefined {
  const bytes = volumes.reduce((sum, { examined }) => sum + examined.usedBytes, 0);
  const lines = [
    ...volumes.map(({ volume, examined }) => `${volume.name} (${volume.device}): ${formatBytes(examined.usedBytes)}`),
    `together: ${formatBytes(bytes)}, which compress to a third at best`,
    ...(freeBytes === undefined ? [] : [`free on ${shown}: ${formatBytes(freeBytes)}`]),
  ];
  if (fileSystem === 'fat32' && bytes > FAT32_FILE_BYTES) {
    throw new MediasmithError('FILE_TOO_LARGE', `${shown} is FAT32, which has no files over 4 GB`, {
      lines,
      hint: 'Format it with NTFS or exFAT, or use another volume. Nothing was written.',
    });
  }
  if (freeBytes === undefined || freeBytes >= bytes) return undefined;
  if (freeBytes < bytes / BEST_COMPRESSION) {
    throw new MediasmithError('NO_SPACE', `there is too little room on ${shown}`, {
      lines,
      hint: 'Make room there, or use another volume. Nothing was written.',
    });
  }
  return `${shown} has ${formatBytes(freeBytes)} free for ${formatBytes(bytes)}: it is enough if they compress as usual`;
}
