import { ClusterAllocator, FIRST_CLUSTER } from '../shared/clusters.ts';
import { zeroWrites } from '../shared/writes.ts';
import type { VolumeFile, VolumeOptions, VolumePlan, Write } from '../volume.ts';
import { BACKUP_SECTOR, FSINFO_SECTOR, newBootSector, withSignature } from './boot-sector.ts';
import { labelEntry } from './entries.ts';
import { entriesOfFolders } from './folder-entries.ts';
import { fsInfoSector } from './fsinfo.ts';
import { fatOffset, type Geometry, geometryFor, SECTOR, smallestVolume } from './geometry.ts';
import { labelBytes } from './label.ts';
import { clustersFor, planTree } from './plan.ts';
import { FatTable } from './table.ts';
import { newRoot, putNewFiles } from './tree.ts';

/** As in the contract; the sizes go up in steps of 4 KiB, from 1 GiB on of 1 MiB. */
export function bytesFor(files: readonly VolumeFile[], free: number): number {
  const root = newRoot();
  const added = putNewFiles(root, files);
  const folders = entriesOfFolders(root, 0);
  return smallestVolume((clusterBytes) => clustersFor(folders, added, clusterBytes) + Math.ceil(free / clusterBytes));
}

/** As in the contract. What lay there before is no volume from the first write to the last but one. */
export function format(files: readonly VolumeFile[], options: VolumeOptions): VolumePlan {
  const geometry = geometryFor(options.bytes);
  const root = newRoot();
  const added = putNewFiles(root, files);
  const text = labelBytes(options.label);
  const label = text && labelEntry(text, options.time);
  const allocator = new ClusterAllocator([{ first: FIRST_CLUSTER, count: geometry.clusters }]);
  const tree = planTree({ root, label, added, time: options.time }, geometry, allocator);
  const used = geometry.clusters - allocator.free;
  const table = FatTable.empty(used, geometry.sectorBytes);
  for (const chain of tree.chains) table.setChain(chain);
  const boot = newBootSector(geometry, tree.rootCluster, options);
  const next = allocator.free > 0 ? FIRST_CLUSTER + used : undefined;
  return {
    files: tree.files,
    prepare: [
      ...reservedWrites(geometry, fsInfoSector(allocator.free, next)),
      ...tableWrites(table, geometry),
      ...tree.folders,
    ],
    commit: [
      { offset: 0, data: boot },
      { offset: BACKUP_SECTOR * SECTOR, data: boot },
    ],
    finish: [],
  };
}

/** All sectors before the FATs, without the two that make the volume valid. */
function reservedWrites(geometry: Geometry, fsInfo: Buffer): Write[] {
  const first = Buffer.alloc(2 * BACKUP_SECTOR * SECTOR);
  for (const boot of [0, BACKUP_SECTOR]) {
    first.set(fsInfo, (boot + FSINFO_SECTOR) * SECTOR);
    first.set(withSignature(Buffer.alloc(SECTOR)), (boot + FSINFO_SECTOR + 1) * SECTOR);
  }
  return [{ offset: 0, data: first }, ...zeroWrites(first.length, fatOffset(geometry, 0))];
}

function tableWrites(table: FatTable, geometry: Geometry): Write[] {
  const fats = Array.from({ length: geometry.fats }, (_, fat) => fat);
  const entries = table.takeWrites(geometry, fats);
  const rest = fats.flatMap((fat) => zeroWrites(fatOffset(geometry, fat) + table.bytes, fatOffset(geometry, fat + 1)));
  return [...entries, ...rest];
}
