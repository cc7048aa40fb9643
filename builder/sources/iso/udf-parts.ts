import { open } from 'node:fs/promises';
import type { Part } from '../../placed-content.ts';
import { type Extent, UnknownUdf } from './udf-descriptor.ts';
import { extentsOf, type FileEntry, parseFileEntry } from './udf-file-entry.ts';
import { type FolderItem, parseFolder } from './udf-folder.ts';
import { openUdfVolume, type UdfVolume } from './udf-volume.ts';

/** A folder of a hundred thousand files has less. */
const LARGEST_FOLDER = 32 * 1024 * 1024;

/**
 * Where files of a UDF image lie in it, by path as it is spelt there. Those are left out of which it cannot be told: all of
 * them where the volume is not as Microsoft makes it.
 */
export async function udfParts(image: string, paths: readonly string[]): Promise<Map<string, readonly Part[]>> {
  await using file = await open(image, 'r');
  const found = new Map<string, readonly Part[]>();
  const volume = await known(openUdfVolume(file));
  if (volume === undefined) return found;
  const folders: Folders = new Map();
  for (const path of paths) {
    const parts = await known(findParts(path, volume, folders));
    if (parts !== undefined) found.set(path, parts);
  }
  return found;
}

/** Folders that were read, by the block of their file entry. */
type Folders = Map<number, Map<string, FolderItem>>;

async function known<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch((error: unknown) => {
    if (error instanceof UnknownUdf) return undefined;
    throw error;
  });
}

async function findParts(path: string, volume: UdfVolume, folders: Folders): Promise<Part[]> {
  let item: FolderItem = { block: volume.root, isFolder: true };
  for (const name of path.split('/')) {
    const items: Map<string, FolderItem> = folders.get(item.block) ?? (await readFolder(item, volume));
    folders.set(item.block, items);
    const next = items.get(name);
    if (next === undefined) throw new UnknownUdf('not there');
    item = next;
  }
  if (item.isFolder) throw new UnknownUdf('a folder where a file should be');
  return (await extents(await readEntry(item, volume), volume)).map(volume.partOf);
}

async function readFolder(item: FolderItem, volume: UdfVolume): Promise<Map<string, FolderItem>> {
  if (!item.isFolder) throw new UnknownUdf('a file where a folder should be');
  const entry = await readEntry(item, volume);
  if (Buffer.isBuffer(entry.content)) return parseFolder(entry.content);
  if (entry.bytes > LARGEST_FOLDER) throw new UnknownUdf('a folder that is too large');
  const content: Buffer[] = [];
  for (const extent of await extents(entry, volume)) content.push(await volume.read(extent));
  return parseFolder(Buffer.concat(content));
}

async function readEntry({ block, isFolder }: FolderItem, volume: UdfVolume): Promise<FileEntry> {
  const entry = parseFileEntry(await volume.descriptor(block));
  if (entry.isFolder !== isFolder) throw new UnknownUdf('an entry of another kind than its folder says');
  return entry;
}

async function extents({ bytes, content }: FileEntry, volume: UdfVolume): Promise<Extent[]> {
  if (Buffer.isBuffer(content)) throw new UnknownUdf('content within its entry');
  return extentsOf({ bytes, content }, volume);
}
