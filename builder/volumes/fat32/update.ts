import { ClusterAllocator, ClusterMap, FIRST_CLUSTER, type Run } from '../shared/clusters.ts';
import { copyTree, filesOf, removeFile } from '../shared/tree.ts';
import type { OpenedVolume, VolumePlan, Write } from '../volume.ts';
import { type BootSector, withRoot } from './boot-sector.ts';
import { fsInfoSector } from './fsinfo.ts';
import { planTree } from './plan.ts';
import { BAD, type FatTable, FREE } from './table.ts';
import { type FatFolder, putNewFiles } from './tree.ts';

/** A volume as it lies there. */
export type ReadVolume = {
  boot: BootSector;
  table: FatTable;
  /** Sectors of the FATs in which these are not the same. */
  differing: number[];
  root: FatFolder;
  /** The entry of the label in the root. */
  label: Buffer | undefined;
  /** What files and folders are in, and what is marked bad. */
  used: ClusterMap;
};

/**
 * As in the contract: all folders and the new files go into free clusters, the root's number in the boot sector makes
 * them valid, then every cluster that nothing leads to is marked free, those of an update that was cut too.
 */
export function planUpdate(volume: ReadVolume, changes: Parameters<OpenedVolume['update']>[0]): VolumePlan {
  const { boot, label, used } = volume;
  const root = copyTree(volume.root);
  for (const path of changes.remove) removeFile(root, path);
  const added = putNewFiles(root, changes.write);
  const allocator = new ClusterAllocator(used.freeRuns());
  const tree = planTree({ root, label, added, time: changes.time }, boot.geometry, allocator);
  const table = volume.table.copy();
  table.change(volume.differing);
  for (const chain of tree.chains) table.setChain(chain);
  const prepared = table.takeWrites(boot.geometry, boot.activeFats);
  const left = reachable(root, tree.chains, boot);
  return {
    files: tree.files,
    prepare: [...tree.folders, ...prepared],
    commit: commitWrites(boot, tree.rootCluster),
    finish: [...freeUnreachable(table, left, boot), ...fsInfoWrites(boot, left)],
  };
}

/** The main sector is the one that is read: its single write is the switch. */
function commitWrites(boot: BootSector, rootCluster: number): Write[] {
  const data = withRoot(boot, rootCluster);
  const main: Write = { offset: 0, data };
  return boot.backup === undefined ? [main] : [main, { offset: boot.backup * data.length, data }];
}

function freeUnreachable(table: FatTable, left: ClusterMap, boot: BootSector): Write[] {
  for (let cluster = FIRST_CLUSTER; left.holds(cluster); cluster++) {
    const value = table.get(cluster);
    if (value === BAD) left.add(cluster);
    else if (value !== FREE && !left.has(cluster)) table.set(cluster, FREE);
  }
  return table.takeWrites(boot.geometry, boot.activeFats);
}

function fsInfoWrites({ fsInfo, geometry }: BootSector, left: ClusterMap): Write[] {
  if (fsInfo === undefined) return [];
  const data = fsInfoSector(left.count - left.used, left.freeRuns()[0]?.first, geometry.sectorBytes);
  return [{ offset: fsInfo * geometry.sectorBytes, data }];
}

/** What the new tree leads to. */
function reachable(root: FatFolder, chains: readonly Run[][], { geometry }: BootSector): ClusterMap {
  const map = new ClusterMap(geometry.clusters);
  const kept = [...filesOf(root)].flatMap(([, { data }]) => data.runs);
  for (const { first, count } of [...kept, ...chains.flat()]) {
    for (let cluster = first; cluster < first + count; cluster++) map.add(cluster);
  }
  return map;
}
