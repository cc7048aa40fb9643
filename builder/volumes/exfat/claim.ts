import type { ClusterMap, Run } from '../shared/clusters.ts';
import { corrupt } from './errors.ts';
import { follow, takeRun } from './fat.ts';
import type { Layout } from './layout.ts';
import type { Allocation } from './parse-entry-set.ts';

/** The clusters that an entry says are its own, taken in `used`: a chain whole, even where it is longer than the content. */
export function claim(
  { first, bytes, contiguous }: Allocation,
  { layout, fat, used }: { layout: Layout; fat: Buffer; used: ClusterMap },
  what: string,
): Run[] {
  const count = Math.ceil(bytes / layout.clusterBytes);
  if (first === 0 && count === 0) return [];
  if (!contiguous) {
    const runs = follow(fat, first, used, what);
    if (runs.reduce((sum, run) => sum + run.count, 0) < count) throw corrupt(`${what} ends before its content does`);
    return runs;
  }
  takeRun({ first, count }, used, what);
  return [{ first, count }];
}
