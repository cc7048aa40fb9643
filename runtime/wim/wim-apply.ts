import { mkdir } from 'node:fs/promises';
import type { WimCallOptions } from './progress.ts';
import type { WimTask } from './wim-error.ts';
import type { WimSession } from './wim-session.ts';

export type WimExtractOptions = WimCallOptions & {
  /** Puts every path straight into the folder, without the folders it lies in. */
  flat?: boolean;
};

const NTFS = 0x1;
const NO_ACLS = 0x40;
const STRICT_ACLS = 0x80;
const NO_PRESERVE_DIR_STRUCTURE = 0x200000;

/** Applies a whole image to an NTFS file system that is not mounted, on a block device or in a regular file. */
export async function applyToNtfsVolume(
  session: WimSession,
  image: number,
  device: string,
  options: WimCallOptions,
): Promise<void> {
  await extractImage(session, 'apply-volume', image, device, NTFS, options);
}

/** Applies a whole image to a mounted NTFS volume, as Windows itself can, with every security descriptor. */
export async function applyToMountedVolume(
  session: WimSession,
  image: number,
  root: string,
  options: WimCallOptions,
): Promise<void> {
  await extractImage(session, 'apply-volume', image, root, STRICT_ACLS, options);
}

/** Extracts a whole image into a folder, without security descriptors. The folder is made if it is not there. */
export async function applyToFolder(
  session: WimSession,
  image: number,
  folder: string,
  options: WimCallOptions,
): Promise<void> {
  await makeFolder(folder);
  await extractImage(session, 'apply-folder', image, folder, NO_ACLS, options);
}

/** Extracts files and folders of an image by their paths, whatever their case. Nothing is extracted if one is missing. */
export async function extractPaths(
  session: WimSession,
  image: number,
  paths: readonly string[],
  folder: string,
  { flat = false, ...options }: WimExtractOptions,
): Promise<void> {
  const call = {
    task: 'apply-folder',
    doing: `extract ${paths.join(', ')} of image ${image} of ${session.path} to ${folder}`,
    where: session.path,
  } as const;
  await makeFolder(folder);
  const flags = NO_ACLS | (flat ? NO_PRESERVE_DIR_STRUCTURE : 0);
  await session.run(call, options, (done) =>
    session.library.functions.extractPaths.async(session.handle, image, folder, [...paths], paths.length, flags, done),
  );
}

/** The library makes the folder but none above it. Where this fails the library says why. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch(() => undefined);
}

async function extractImage(
  session: WimSession,
  task: WimTask,
  image: number,
  target: string,
  flags: number,
  options: WimCallOptions,
): Promise<void> {
  const call = { task, doing: `apply image ${image} of ${session.path} to ${target}`, where: session.path };
  await session.run(call, options, (done) =>
    session.library.functions.extractImage.async(session.handle, image, target, flags, done),
  );
}
