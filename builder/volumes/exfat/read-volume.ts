import { ClusterMap, extentsOf, type Run } from '../shared/clusters.ts';
import { newFolder } from '../shared/tree.ts';
import type { Extent, ReadAt } from '../volume.ts';
import { bitmapBytes, bitmapOf, withBits } from './bitmap.ts';
import { type BootRegions, readBootRegions } from './boot-region.ts';
import { type BootSector, parseBootSector, sectorBytesOf } from './boot-sector.ts';
import { claim } from './claim.ts';
import { ENTRY } from './entry-set.ts';
import { type EntrySet, entrySets } from './entry-sets.ts';
import { corrupt } from './errors.ts';
import { badClusters, follow } from './fat.ts';
import type { Layout } from './layout.ts';
import { otherAllocations } from './parse-entry-set.ts';
import { readBytes } from './read-bytes.ts';
import { readFolder } from './read-folder.ts';
import { parseLabel, parseSystemEntry, tableChecksum } from './root-entries.ts';
import { parseUpcaseTable, type UpcaseTable } from './upcase-table.ts';
import type { Folder } from './volume-tree.ts';

/** A volume as it lies there. */
export type ReadVolume = {
  regions: BootRegions;
  boot: BootSector;
  fat: Buffer;
  /** Whole clusters, and where they are. */
  bitmap: { content: Buffer; places: Extent[] };
  upcase: UpcaseTable;
  label: string;
  root: Folder;
  /** What the root leads to, and what is marked bad. */
  used: ClusterMap;
  bad: number[];
};

/** Reads all but the content of files. Errors as in the contract. */
export async function readVolume(read: ReadAt): Promise<ReadVolume> {
  const regions = await readBootRegions(read);
  const boot = parseBootSector(bootSectorOf(regions));
  const { layout } = boot;
  await readBytes(read, [{ offset: layout.bytes - layout.sectorBytes, bytes: layout.sectorBytes }]);
  const fat = await readBytes(read, [{ offset: layout.fatOffset, bytes: layout.fatBytes }]);
  const used = new ClusterMap(layout.clusterCount);
  const volume = { read, layout, fat, used };

  const runs = follow(fat, boot.rootCluster, used, 'its root folder');
  const bytes = clustersIn(runs) * layout.clusterBytes;
  const sets = entrySets(await readBytes(read, extentsOf(runs, bytes, layout)), 'its root folder');
  const bitmap = await readSystemFile(one(sets, ENTRY.bitmap), volume);
  const table = await readSystemFile(one(sets, ENTRY.upcase), volume);
  const upcase = parseUpcaseTable(table.content.subarray(0, table.bytes), tableChecksum(one(sets, ENTRY.upcase)));
  const entries = sets.filter(({ type }) => type !== ENTRY.file);
  const others = entries
    .filter(({ type }) => type & ENTRY.benign)
    .flatMap((set) =>
      otherAllocations(set.bytes).flatMap((allocation) => claim(allocation, volume, 'its root folder')),
    );
  const root: Folder = newFolder('', {
    set: Buffer.alloc(0),
    bytes,
    runs,
    others: [...bitmap.runs, ...table.runs, ...others],
    entries: entries.map((set) => set.bytes),
  });
  await readFolder(root, sets, '', { ...volume, upcase });

  refuseUnmarked(bitmap, used);
  const bad = badClusters(fat, used);
  for (const cluster of bad) used.add(cluster);
  const label = sets.find(({ type }) => type === ENTRY.label);
  const places = extentsOf(bitmap.runs, bitmap.content.length, layout);
  return {
    regions,
    boot,
    fat,
    bitmap: { content: bitmap.content, places },
    upcase,
    label: label ? parseLabel(label.bytes) : '',
    root,
    used,
    bad,
  };
}

/** The boot sector of the region that counts. */
export function bootSectorOf({ main, backup, counts }: BootRegions): Buffer {
  const region = counts === 'main' ? main : backup;
  return region.subarray(0, sectorBytesOf(region));
}

function one(sets: readonly EntrySet[], type: number): Buffer {
  const [found, ...more] = sets.filter((set) => set.type === type);
  if (!found || more.length > 0) throw corrupt('its root folder does not have one bitmap and one up-case table');
  return found.bytes;
}

type SystemFile = { content: Buffer; runs: Run[]; bytes: number };

/** The whole clusters of the bitmap or the up-case table; both have a chain in the FAT. */
async function readSystemFile(
  entry: Buffer,
  { read, layout, fat, used }: { read: ReadAt; layout: Layout; fat: Buffer; used: ClusterMap },
): Promise<SystemFile> {
  const { first, bytes } = parseSystemEntry(entry);
  const runs = follow(fat, first, used, 'its bitmap or up-case table');
  const room = clustersIn(runs) * layout.clusterBytes;
  if (bytes > room) throw corrupt('its bitmap or up-case table is longer than its clusters');
  return { content: await readBytes(read, extentsOf(runs, room, layout)), runs, bytes };
}

function refuseUnmarked({ content, bytes }: SystemFile, used: ClusterMap): void {
  if (bytes < bitmapBytes(used.count)) throw corrupt('its bitmap is too short');
  if (!withBits(content, bitmapOf(used)).equals(content)) throw corrupt('clusters in use are marked as free');
}

function clustersIn(runs: readonly Run[]): number {
  return runs.reduce((sum, { count }) => sum + count, 0);
}
