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

/** `MEDIUM_CORRUPT` where the volume with the manifest contradicts itself. */
export async function readStick(handle: FileHandle): Promise<OpenedStick | undefined> {
  const found = readPartitionTable(await readAt(handle, 0)(0, GPT_FIRST_USABLE * SECTOR));
  if (found === undefined) return undefined;
  const volumes: StickVolumeThere[] = [];
  for (const partition of found.partitions) {
    const start = partition.start * SECTOR;
    const opened = await openVolume(readAt(handle, start));
    if (opened !== undefined) volumes.push({ start, ...opened });
  }
  const main = volumes.findIndex(({ volume }) => hasManifest(volume));
  if (main < 0) return undefined;
  return { table: found.table, volumes: [...volumes.splice(main, 1), ...volumes] };
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
