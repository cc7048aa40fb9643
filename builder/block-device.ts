import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { exists } from '../runtime/host/exists.ts';

/** The kernel counts a device in these, whatever its own sectors are. */
const SECTOR_BYTES = 512;

/** Bytes of a file, or of a block device, whose status does not say it: 0 for a reader without a card. */
export async function sizeOf(path: string): Promise<number> {
  const status = await stat(path);
  if (!status.isBlockDevice()) return status.size;
  return blockDeviceSize(status.rdev);
}

/** Bytes of a block device by its number: what has its path by now may be another one. */
export async function blockDeviceSize(rdev: number): Promise<number> {
  return Number(await readFile(`${folderOf(rdev)}/size`, 'latin1')) * SECTOR_BYTES;
}

/** The disk a partition belongs to, as its path; undefined for a whole disk. */
export async function diskOfPartition(device: string): Promise<string | undefined> {
  const folder = folderOf((await stat(device)).rdev);
  const isPartition = await exists(`${folder}/partition`);
  return isPartition ? `/dev/${basename(dirname(await realpath(folder)))}` : undefined;
}

/** Linux has twelve bits for the major number, between eight and twelve of the minor one. */
function folderOf(rdev: number): string {
  const minor = (rdev & 0xff) | ((rdev >>> 12) & 0xfff00);
  return `/sys/dev/block/${(rdev >>> 8) & 0xfff}:${minor}`;
}
