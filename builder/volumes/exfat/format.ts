import { ClusterAllocator, clusterOffset, FIRST_CLUSTER, type Run } from '../shared/clusters.ts';
import { foldersOf, newFolder } from '../shared/tree.ts';
import type { VolumeFile, VolumeOptions, VolumePlan, Write } from '../volume.ts';
import { bitmapBytes, bitmapOf } from './bitmap.ts';
import { bootRegion } from './boot-region.ts';
import { bootSector } from './boot-sector.ts';
import { chain, newFat } from './fat.ts';
import { type Layout, layoutFor, smallestVolume } from './layout.ts';
import { clustersFor, placeTree } from './place-tree.ts';
import { putFiles } from './put-files.ts';
import { bitmapEntry, labelEntry, upcaseEntry } from './root-entries.ts';
import { recommendedUpcaseTable } from './upcase-table.ts';
import { type Folder, percentOf, usedBy } from './volume-tree.ts';

/** As in the contract. */
export function bytesFor(files: readonly VolumeFile[], free: number): number {
  const upcase = recommendedUpcaseTable();
  const table = upcase.compress();
  const nowhere = { first: 0, count: 0 };
  const root = newRoot('', table, nowhere, nowhere, 0);
  const added = putFiles(root, files, { time: 0, upcase });
  const folders = [...foldersOf(root)];
  return smallestVolume((clusterCount, clusterBytes) => {
    const others = [{ bytes: bitmapBytes(clusterCount) }, { bytes: table.length }, { bytes: free }];
    return clustersFor(folders, [...added.values(), ...others], clusterBytes);
  });
}

/** As in the contract. What lay there before is no volume from the first write on. */
export function format(files: readonly VolumeFile[], options: VolumeOptions): VolumePlan {
  const layout = layoutFor(options.bytes);
  const upcase = recommendedUpcaseTable();
  const table = upcase.compress();
  const allocator = new ClusterAllocator([{ first: FIRST_CLUSTER, count: layout.clusterCount }]);
  const fat = newFat(layout);
  const [bitmapRun, tableRun] = [bitmapBytes(layout.clusterCount), table.length].map(systemRun);
  if (!bitmapRun || !tableRun) throw new Error('a new volume has no cluster');
  const root = newRoot(options.label, table, tableRun, bitmapRun, bitmapBytes(layout.clusterCount));
  const added = putFiles(root, files, { time: options.time, upcase });
  const placed = placeTree(root, added, new Set(), { layout, allocator, fat });
  const used = usedBy(root, layout.clusterCount, []);
  const boot = bootSector(
    { layout, rootCluster: placed.rootCluster, volumeId: options.volumeId },
    { hiddenSectors: options.hiddenSectors, percentInUse: percentOf(used) },
  );
  return {
    files: placed.files,
    prepare: [
      ...bootWrites(boot),
      { offset: layout.fatOffset, data: fat },
      wholeClusters(bitmapRun, bitmapOf(used), layout),
      wholeClusters(tableRun, table, layout),
      ...placed.writes,
    ],
    commit: [
      { offset: bootRegion(boot).length, data: boot },
      { offset: 0, data: boot },
    ],
    finish: [],
  };

  function systemRun(bytes: number): Run | undefined {
    const [run] = allocator.allocate(Math.ceil(bytes / layout.clusterBytes));
    if (run) chain(fat, [run]);
    return run;
  }
}

function newRoot(label: string, table: Buffer, tableRun: Run, bitmapRun: Run, bitmapSize: number): Folder {
  const entries = [labelEntry(label), bitmapEntry(bitmapRun, bitmapSize), upcaseEntry(tableRun, table)];
  return newFolder('', { set: Buffer.alloc(0), bytes: 0, runs: [], others: [bitmapRun, tableRun], entries });
}

/** Both regions, without their first sectors. */
function bootWrites(boot: Buffer): Write[] {
  const region = bootRegion(boot).fill(0, 0, boot.length);
  return [{ offset: 0, data: Buffer.concat([region, region]) }];
}

function wholeClusters({ first, count }: Run, content: Buffer, layout: Layout): Write {
  const data = Buffer.alloc(count * layout.clusterBytes);
  content.copy(data);
  return { offset: clusterOffset(first, layout), data };
}
