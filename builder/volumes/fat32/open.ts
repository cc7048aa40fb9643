import { ClusterMap, extentsOf, FIRST_CLUSTER } from '../shared/clusters.ts';
import { filesOf, foldersOf } from '../shared/tree.ts';
import type { OpenedVolume, ReadAt } from '../volume.ts';
import { type BootSector, readBootSector } from './boot-sector.ts';
import { ENTRY_BYTES, fatOffset } from './geometry.ts';
import { readLabel } from './label.ts';
import { readTree } from './read-tree.ts';
import { readWhole } from './read-whole.ts';
import { BAD, FatTable } from './table.ts';
import type { FatFolder } from './tree.ts';
import { planUpdate, type ReadVolume } from './update.ts';

const BOOT_BYTES = 4096;
const READ_BYTES = 4 * 1024 ** 2;

/** As in the contract. Reads the boot sector, the FATs, the folders, and the last sector. */
export async function open(read: ReadAt): Promise<OpenedVolume> {
  const volume = await readVolume(read);
  const { boot, used, root } = volume;
  const { place, clusters, sectorBytes, totalSectors } = boot.geometry;
  const files = [...filesOf(root)].map(([path, { data }]) => ({
    path,
    bytes: data.bytes,
    extents: extentsOf(data.runs, data.bytes, place),
  }));
  return {
    label: readLabel(volume.label?.subarray(0, boot.label.length) ?? boot.label),
    volumeId: boot.volumeId,
    bytes: totalSectors * sectorBytes,
    freeBytes: Math.max(0, clusters - used.used - folderClusters(root)) * place.clusterBytes,
    files: new Map(files.map((file) => [file.path, file])),
    update: (changes) => planUpdate(volume, changes),
  };
}

async function readVolume(read: ReadAt): Promise<ReadVolume> {
  const boot = readBootSector(await read(0, BOOT_BYTES));
  const { totalSectors, sectorBytes } = boot.geometry;
  // Nothing that is cut short is whole, be it in what is free.
  await readWhole(read, (totalSectors - 1) * sectorBytes, sectorBytes);
  const { table, differing } = await readTable(read, boot);
  const used = new ClusterMap(boot.geometry.clusters);
  const { root, label } = await readTree(read, boot, table, used);
  for (let cluster = FIRST_CLUSTER; used.holds(cluster); cluster++) if (table.get(cluster) === BAD) used.add(cluster);
  return { boot, table, differing, root, label, used };
}

async function readTable(read: ReadAt, boot: BootSector): Promise<Pick<ReadVolume, 'table' | 'differing'>> {
  const { geometry, activeFats } = boot;
  const [first = 0, ...others] = activeFats;
  // A FAT may be longer than its volume needs.
  const sectors = Math.ceil(((geometry.clusters + FIRST_CLUSTER) * ENTRY_BYTES) / geometry.sectorBytes);
  const bytes = Buffer.alloc(sectors * geometry.sectorBytes);
  const differing: number[] = [];
  for (let at = 0; at < bytes.length; at += READ_BYTES) {
    const size = Math.min(READ_BYTES, bytes.length - at);
    const part = await readWhole(read, fatOffset(geometry, first) + at, size);
    part.copy(bytes, at);
    for (const fat of others) {
      const other = await readWhole(read, fatOffset(geometry, fat) + at, size);
      differing.push(
        ...differingSectors(part, other, geometry.sectorBytes).map((sector) => sector + at / geometry.sectorBytes),
      );
    }
  }
  return { table: new FatTable(bytes, geometry.sectorBytes), differing };
}

function differingSectors(one: Buffer, other: Buffer, sectorBytes: number): number[] {
  if (one.equals(other)) return [];
  const sectors = Array.from({ length: one.length / sectorBytes }, (_, sector) => sector);
  return sectors.filter((sector) => {
    const [from, to] = [sector * sectorBytes, (sector + 1) * sectorBytes];
    return one.compare(other, from, to, from, to) !== 0;
  });
}

/** What an update takes for the folders alone. */
function folderClusters(root: FatFolder): number {
  return [...foldersOf(root)].flatMap(({ data }) => data?.runs ?? []).reduce((sum, { count }) => sum + count, 0);
}
