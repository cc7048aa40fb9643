import type { Extent } from '../volume.ts';

/** Clusters one after another. Both formats count the clusters of their data area from 2. */
export type Run = { first: number; count: number };

export const FIRST_CLUSTER = 2;

/** Which clusters of a volume are in use: a bit for each. */
export class ClusterMap {
  readonly count: number;
  readonly #bits: Uint8Array;
  #used = 0;

  constructor(count: number) {
    this.count = count;
    this.#bits = new Uint8Array(Math.ceil(count / 8));
  }

  get used(): number {
    return this.#used;
  }

  /** Whether the volume has a cluster of this number. */
  holds(cluster: number): boolean {
    return cluster >= FIRST_CLUSTER && cluster < FIRST_CLUSTER + this.count;
  }

  has(cluster: number): boolean {
    const index = cluster - FIRST_CLUSTER;
    return (((this.#bits[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
  }

  /** False where the cluster was in use before. */
  add(cluster: number): boolean {
    if (this.has(cluster)) return false;
    const index = cluster - FIRST_CLUSTER;
    this.#bits[index >> 3] = (this.#bits[index >> 3] ?? 0) | (1 << (index & 7));
    this.#used += 1;
    return true;
  }

  /** In the order of the volume. */
  freeRuns(): Run[] {
    const runs: Run[] = [];
    let first = -1;
    for (let index = 0; index <= this.count; index++) {
      const free = index < this.count && (((this.#bits[index >> 3] ?? 0) >> (index & 7)) & 1) === 0;
      if (free && first < 0) first = index;
      if (free || first < 0) continue;
      runs.push({ first: first + FIRST_CLUSTER, count: index - first });
      first = -1;
    }
    return runs;
  }
}

/** Hands out free clusters: the first gap that is large enough, or else the first gaps there are. */
export class ClusterAllocator {
  #gaps: Run[];
  #free: number;

  constructor(freeRuns: readonly Run[]) {
    this.#gaps = freeRuns.map((run) => ({ ...run }));
    this.#free = freeRuns.reduce((sum, { count }) => sum + count, 0);
  }

  get free(): number {
    return this.#free;
  }

  /** None for no clusters. The caller has compared the sums before: an ordinary Error where there are too few. */
  allocate(count: number): Run[] {
    if (count === 0) return [];
    if (count > this.#free) throw new Error(`${count} clusters asked for, ${this.#free} free`);
    this.#free -= count;
    const gap = this.#gaps.find((candidate) => candidate.count >= count);
    return gap ? [this.#take(gap, count)] : this.#gather(count);
  }

  #take(gap: Run, count: number): Run {
    const run = { first: gap.first, count };
    gap.first += count;
    gap.count -= count;
    if (gap.count === 0) this.#gaps.splice(this.#gaps.indexOf(gap), 1);
    return run;
  }

  #gather(count: number): Run[] {
    const runs: Run[] = [];
    let missing = count;
    let taken = 0;
    for (const gap of this.#gaps) {
      const part = Math.min(gap.count, missing);
      runs.push({ first: gap.first, count: part });
      gap.first += part;
      gap.count -= part;
      missing -= part;
      if (gap.count === 0) taken += 1;
      if (missing === 0) break;
    }
    this.#gaps = this.#gaps.slice(taken);
    return runs;
  }
}

/** Where a data area starts and how large its clusters are, in bytes. */
export type ClusterPlace = { dataOffset: number; clusterBytes: number };

export function clusterOffset(cluster: number, { dataOffset, clusterBytes }: ClusterPlace): number {
  return dataOffset + (cluster - FIRST_CLUSTER) * clusterBytes;
}

/** The places of so many bytes in these clusters; the last is cut where the content ends. */
export function extentsOf(runs: readonly Run[], bytes: number, place: ClusterPlace): Extent[] {
  const extents: Extent[] = [];
  let missing = bytes;
  for (const { first, count } of runs) {
    if (missing === 0) break;
    const part = Math.min(count * place.clusterBytes, missing);
    extents.push({ offset: clusterOffset(first, place), bytes: part });
    missing -= part;
  }
  return extents;
}

/** Clusters in the order of their content as runs. */
export function runsOf(clusters: Iterable<number>): Run[] {
  const runs: Run[] = [];
  for (const cluster of clusters) {
    const last = runs.at(-1);
    if (last && last.first + last.count === cluster) last.count += 1;
    else runs.push({ first: cluster, count: 1 });
  }
  return runs;
}
