import { type FileHandle, open } from 'node:fs/promises';
import { isMediasmithError } from '../../runtime/contract/errors.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import type { StickTable } from '../config/schema.ts';
import type { OpenedVolume, ReadAt } from '../volumes/volume.ts';
import { GPT_FIRST_USABLE, readPartitionTable, SECTOR } from './partition-table.ts';
import { FORMATS } from './plan-stick.ts';

/** A volume of a stick that is there; `start` in bytes. */
export type StickVolumeThere = { kind: 'fat32' | 'exfat'; start: number; volume: OpenedVolume };

/** A stick of ours, or an image of one. */
export type OpenedStick = {
  table: StickTable;
  /** The one with the manifest first. */
  volumes: StickVolumeThere[];
};

/** The stick on a device or in an image file; undefined where there is no volume that has a manifest. */
export async function openStick(path: string): Promise<OpenedStick | undefined> {
  await using handle = await open(path, 'r');
  return await readStick(handle);
}

/**
 * The volumes that are ours: that with the manifest, and, where that is exFAT, the FAT32 volume it is started from. What
 * else lies on the stick is somebody's own. `MEDIUM_CORRUPT` where there is no manifest and a volume contradicts itself.
 */
export async function readStick(handle: FileHandle): Promise<OpenedStick | undefined> {
  const found = readPartitionTable(await readAt(handle, 0)(0, GPT_FIRST_USABLE * SECTOR));
  if (found === undefined) return undefined;
  const volumes: StickVolumeThere[] = [];
  let damage: unknown;
  for (const partition of found.partitions) {
    const start = partition.start * SECTOR;
    const opened = await openVolume(readAt(handle, start)).catch((error: unknown) => {
      damage ??= error;
      return undefined;
    });
    if (opened !== undefined) volumes.push({ start, ...opened });
  }
  const main = volumes.find(({ volume }) => hasManifest(volume));
  if (main === undefined && damage !== undefined) throw damage;
  if (main === undefined) return undefined;
  const boot =
    main.kind === 'exfat' ? volumes.find(({ kind, volume }) => kind === 'fat32' && starts(volume)) : undefined;
  if (main.kind === 'exfat' && boot === undefined && damage !== undefined) throw damage;
  return { table: found.table, volumes: boot === undefined ? [main] : [main, boot] };
}

/** Whether a machine is started from it. */
function starts({ files }: OpenedVolume): boolean {
  const wanted = ['efi/boot/', `${MEDIUM_PATHS.bios}/`];
  return [...files.keys()].some((path) => wanted.some((folder) => path.toLowerCase().startsWith(folder)));
}

async function openVolume(read: ReadAt): Promise<Pick<StickVolumeThere, 'kind' | 'volume'> | undefined> {
  for (const kind of ['fat32', 'exfat'] as const) {
    try {
      return { kind, volume: await FORMATS[kind].open(read) };
    } catch (error) {
      if (!isMediasmithError(error) || error.code !== 'MEDIUM_INVALID') throw error;
    }
  }
  return undefined;
}

function hasManifest({ files }: OpenedVolume): boolean {
  if (files.has(MEDIUM_PATHS.manifest)) return true;
  return [...files.keys()].some((path) => path.toLowerCase() === MEDIUM_PATHS.manifest);
}

function readAt(handle: FileHandle, start: number): ReadAt {
  return async (offset, bytes) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, start + offset);
    return buffer.subarray(0, bytesRead);
  };
}
