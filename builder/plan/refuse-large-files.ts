import { MediasmithError } from '../../runtime/contract/errors.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { FAT32_FILE_BYTES, goesOntoFat32 } from '../fat32.ts';
import type { ResolvedProject } from '../resolve/resolved-project.ts';
import type { PlannedFile } from './planned-file.ts';

/** Refuses what FAT32 is to hold, cannot hold and nobody divides: `FILE_TOO_LARGE`, before anything is made. */
export function refuseLargeFiles(resolved: ResolvedProject, files: readonly PlannedFile[]): void {
  const { project } = resolved;
  if (!goesOntoFat32(project)) return;
  const large = [...asTheyAre(files), ...ofUpgradePackages(resolved), ...bootImage(resolved)].filter(
    ({ bytes }) => bytes > FAT32_FILE_BYTES,
  );
  if (large.length === 0) return;
  throw new MediasmithError('FILE_TOO_LARGE', `FAT32 holds only files below ${formatBytes(FAT32_FILE_BYTES + 1)}`, {
    where: project.file,
    lines: large.map(({ path, bytes, from }) => `${path}: ${formatBytes(bytes)}, from ${from}`),
    hint: 'Give sticks and disks "layout: fat32+exfat" and leave out "fat32: true". Only images and packages are divided.',
  });
}

type LargeFile = Pick<PlannedFile, 'path' | 'bytes' | 'from'>;

function asTheyAre(files: readonly PlannedFile[]): LargeFile[] {
  return files
    .filter(({ path, how }) => how === 'in place' && !path.endsWith('/'))
    .flatMap(({ path, bytes, from, partSizes = [bytes] }) => partSizes.map((size) => ({ path, bytes: size, from })));
}

function ofUpgradePackages({ upgradePackages }: ResolvedProject): LargeFile[] {
  return upgradePackages.flatMap(({ name, origin, files }) =>
    files.map(({ path, bytes }) => ({ path: `${MEDIUM_PATHS.upgrade}/${name}/${path}`, bytes, from: origin })),
  );
}

/** It is appended to; only one that is built anew may become smaller. */
function bootImage({ winpe }: ResolvedProject): LargeFile[] {
  if (winpe === undefined || winpe.options.rebuild) return [];
  return [{ path: 'sources/boot.wim', bytes: winpe.bytes, from: winpe.options.source }];
}
