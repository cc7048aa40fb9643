import { type ClusterMap, FIRST_CLUSTER, type Run, runsOf } from '../shared/clusters.ts';
import { corrupt } from './errors.ts';
import { FAT_ENTRY_BYTES, type Layout } from './layout.ts';

const MEDIA = 0xfffffff8;
const BAD = 0xfffffff7;
const END = 0xffffffff;

/** The FAT of a new volume. */
export function newFat({ fatBytes }: Layout): Buffer {
  const fat = Buffer.alloc(fatBytes);
  fat.writeUInt32LE(MEDIA, 0);
  fat.writeUInt32LE(END, FAT_ENTRY_BYTES);
  return fat;
}

/** Makes one chain of clusters in `fat`. */
export function chain(fat: Buffer, runs: readonly Run[]): void {
  for (const [at, { first, count }] of runs.entries()) {
    const last = first + count - 1;
    for (let cluster = first; cluster < last; cluster++) fat.writeUInt32LE(cluster + 1, cluster * FAT_ENTRY_BYTES);
    fat.writeUInt32LE(runs[at + 1]?.first ?? END, last * FAT_ENTRY_BYTES);
  }
}

/** The chain that starts at `first`, each cluster taken in `used`. `MEDIUM_CORRUPT` for one that leaves the volume or meets another. */
export function follow(fat: Buffer, first: number, used: ClusterMap, what: string): Run[] {
  return runsOf(clusters());

  function* clusters(): Generator<number> {
    for (let cluster = first; cluster !== END; cluster = fat.readUInt32LE(cluster * FAT_ENTRY_BYTES)) {
      take(cluster, used, what);
      yield cluster;
    }
  }
}

/** Takes clusters that lie one after another, whatever the FAT says of them. */
export function takeRun({ first, count }: Run, used: ClusterMap, what: string): void {
  for (let cluster = first; cluster < first + count; cluster++) take(cluster, used, what);
}

/** Clusters that must not be written: marked as bad, and used by nothing. */
export function badClusters(fat: Buffer, used: ClusterMap): number[] {
  const bad: number[] = [];
  for (let cluster = FIRST_CLUSTER; used.holds(cluster); cluster++) {
    if (fat.readUInt32LE(cluster * FAT_ENTRY_BYTES) === BAD && !used.has(cluster)) bad.push(cluster);
  }
  return bad;
}

function take(cluster: number, used: ClusterMap, what: string): void {
  if (!used.holds(cluster)) throw corrupt(`${what} leaves the volume`);
  if (!used.add(cluster)) throw corrupt(`${what} has a cluster that is in use twice`);
}
