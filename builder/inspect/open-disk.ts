import { open } from 'node:fs/promises';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { diskOfPartition, sizeOf } from '../block-device.ts';
import type { SourceContext } from '../sources/source-tree.ts';
import { isoFiles } from './iso-files.ts';
import { isoSize } from './iso-size.ts';
import { type MediumFiles, notAMedium } from './medium-files.ts';
import { stickFiles } from './stick-files.ts';

const EMPTY = 'Put a stick, a card or a disc in, and look again.';
const OTHER_DEVICE = 'Name another device: "mediasmith usb list" says what is on each.';
/** ENOMEDIUM, which Node has no name for. */
const NO_MEDIUM = -123;

/**
 * The medium in a file or on a device, by its content: a partition table with a volume that has a manifest, or ISO 9660. In
 * this order, because what an ISO has left on a stick between its volumes looks like an ISO still.
 */
export async function filesOnDisk(
  path: string,
  context: SourceContext,
): Promise<{ medium: MediumFiles | undefined; isIso: boolean }> {
  const stick = await stickFiles(path);
  if (stick !== undefined) return { medium: stick, isIso: false };
  const iso = await openIso(path, context);
  const hasManifest = iso?.find(MEDIUM_PATHS.manifest) !== undefined;
  return { medium: hasManifest ? iso : undefined, isIso: iso !== undefined };
}

/** The medium on a block device. `MEDIUM_INVALID` says why there is none. */
export async function filesOnDevice(path: string, context: SourceContext): Promise<MediumFiles> {
  await refuseUnreadable(path);
  if ((await sizeOf(path)) === 0) throw notAMedium(path, 'has nothing in it', EMPTY);
  const { medium, isIso } = await filesOnDisk(path, context);
  if (medium !== undefined) return medium;
  const disk = await diskOfPartition(path);
  if (disk !== undefined) throw notAMedium(path, 'is one partition and no whole disk', `Name the disk: ${disk}`);
  if (isIso) throw notAMedium(path, `is no medium of ours: its ISO has no ${MEDIUM_PATHS.manifest}`, OTHER_DEVICE);
  throw notAMedium(path, `is no medium of ours: no volume on it has ${MEDIUM_PATHS.manifest}`, OTHER_DEVICE);
}

async function refuseUnreadable(path: string): Promise<void> {
  try {
    await using _ = await open(path, 'r');
  } catch (error) {
    const { code, errno } = error as NodeJS.ErrnoException;
    if (errno === NO_MEDIUM) throw notAMedium(path, 'has nothing in it', EMPTY, error);
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    const hint = 'Reading a disk takes more rights: put sudo before the command.';
    throw notAMedium(path, 'may not be read by this user', hint, error);
  }
}

async function openIso(path: string, context: SourceContext): Promise<MediumFiles | undefined> {
  const size = await isoSize(path);
  if (size === undefined) return undefined;
  if (size.bytes >= size.declared) return isoFiles(path, context);
  throw new MediasmithError(
    'MEDIUM_CORRUPT',
    `${path} is cut short: it has ${formatBytes(size.bytes)} of ${formatBytes(size.declared)}`,
    { where: path, hint: 'Copy the ISO again, or build it again.' },
  );
}
