import { ClusterAllocator } from '../shared/clusters.ts';
import { copyTree, removeFile } from '../shared/tree.ts';
import type { OpenedVolume, VolumePlan } from '../volume.ts';
import { bitmapOf, replaceBits, withBits } from './bitmap.ts';
import { regionWrites, withBootSector } from './boot-region.ts';
import { withRoot } from './boot-sector.ts';
import { changedSectors } from './changed-sectors.ts';
import { placeTree } from './place-tree.ts';
import { putFiles, takenFor } from './put-files.ts';
import { bootSectorOf, type ReadVolume } from './read-volume.ts';
import { percentOf, unchangedFolders, usedBy } from './volume-tree.ts';

/**
 * As in the contract: what changes goes into free clusters, with every folder from there up to a new root; the root's
 * number in the boot regions makes it valid; then clusters that nothing leads to are free, those of an update that was
 * cut too. A folder in exFAT does not know its parent, so one without changes stays where it is.
 */
export function planUpdate(volume: ReadVolume, changes: Parameters<OpenedVolume['update']>[0]): VolumePlan {
  const { boot, upcase, used, bad, regions, bitmap } = volume;
  const { layout } = boot;
  const root = copyTree(volume.root);
  for (const path of changes.remove) {
    if (takenFor(root, path, upcase) === undefined) removeFile(root, path);
  }
  const added = putFiles(root, changes.write, { time: changes.time, upcase });
  const unchanged = unchangedFolders(volume.root, root);
  unchanged.delete(root);
  const fat = Buffer.from(volume.fat);
  const placed = placeTree(root, added, unchanged, { layout, allocator: new ClusterAllocator(used.freeRuns()), fat });
  const left = usedBy(root, layout.clusterCount, bad);
  const bits = bitmapOf(left);
  const both = withBits(bitmap.content, bits);
  const region = regions[regions.counts];
  const sector = withRoot(bootSectorOf(regions), placed.rootCluster, percentOf(left));
  return {
    files: placed.files,
    prepare: [
      ...placed.writes,
      ...changedSectors(volume.fat, fat, [{ offset: layout.fatOffset, bytes: layout.fatBytes }], layout.sectorBytes),
      ...changedSectors(bitmap.content, both, bitmap.places, layout.sectorBytes),
    ],
    commit: regionWrites(regions, withBootSector(region, sector)),
    finish: changedSectors(both, replaceBits(both, bits), bitmap.places, layout.sectorBytes),
  };
}
