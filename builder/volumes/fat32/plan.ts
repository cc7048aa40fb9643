import { type ClusterAllocator, clusterOffset, extentsOf, type Run } from '../shared/clusters.ts';
import { refuseWithoutRoom } from '../shared/refuse-without-room.ts';
import { joinWrites } from '../shared/writes.ts';
import type { VolumePlan, Write } from '../volume.ts';
import { dotEntries, withPlace } from './entries.ts';
import { entriesOfFolders, type FolderEntries } from './folder-entries.ts';
import type { Geometry } from './geometry.ts';
import type { FatFolder, NewFile } from './tree.ts';

/** Where a tree's folders and new files go, and the bytes of the folders. */
export type TreePlan = { files: VolumePlan['files']; folders: Write[]; chains: Run[][]; rootCluster: number };

export type TreeToPlan = {
  root: FatFolder;
  /** The root's first entry. */
  label: Buffer | undefined;
  /** In the order their content shall have on the volume. */
  added: readonly NewFile[];
  time: number;
};

/** Gives clusters to all folders, then to the new files. `NO_SPACE` with the sums. */
export function planTree(
  { root, label, added, time }: TreeToPlan,
  geometry: Geometry,
  allocator: ClusterAllocator,
): TreePlan {
  const { clusterBytes } = geometry.place;
  const folders = entriesOfFolders(root, time);
  refuseWithoutRoom(clustersFor(folders, added, clusterBytes), allocator.free, clusterBytes);
  const places = new Map(
    folders.map(({ folder, bytes }): [FatFolder, Run[]] => [
      folder,
      allocator.allocate(Math.ceil(bytes / clusterBytes)),
    ]),
  );
  for (const { file } of added) file.runs = allocator.allocate(Math.ceil(file.bytes / clusterBytes));
  const writes = folders.flatMap((folder) => {
    const runs = places.get(folder.folder) ?? [];
    return writesOf(folderBytes(folder, root, label, places), runs, geometry);
  });
  const files = added.map(({ path, file }) => ({ path, extents: extentsOf(file.runs, file.bytes, geometry.place) }));
  files.sort((a, b) => (a.extents[0]?.offset ?? 0) - (b.extents[0]?.offset ?? 0));
  return {
    files: new Map(files.map(({ path, extents }) => [path, extents])),
    folders: joinWrites(writes),
    chains: [...places.values(), ...added.map(({ file }) => file.runs)],
    rootCluster: firstOf(places.get(root)),
  };
}

/** How many clusters of this size folders and new files need. */
export function clustersFor(
  folders: readonly { bytes: number }[],
  added: readonly { file: { bytes: number } }[],
  clusterBytes: number,
): number {
  const sizes = [...folders.map(({ bytes }) => bytes), ...added.map(({ file }) => file.bytes)];
  return sizes.reduce((sum, bytes) => sum + Math.ceil(bytes / clusterBytes), 0);
}

function folderBytes(
  { folder, above, named }: FolderEntries,
  root: FatFolder,
  label: Buffer | undefined,
  places: ReadonlyMap<FatFolder, Run[]>,
): Buffer {
  const children = named.map(({ node, entries }) =>
    node.kind === 'folder'
      ? withPlace(entries, firstOf(places.get(node)), 0)
      : withPlace(entries, firstOf(node.data.runs), node.data.bytes),
  );
  if (!above) return Buffer.concat(label ? [label, ...children] : children);
  const parent = above.folder === root ? 0 : firstOf(places.get(above.folder));
  return Buffer.concat([dotEntries(above.entries, firstOf(places.get(folder)), parent), ...children]);
}

/** The bytes in these clusters, zeros to their end. */
function writesOf(bytes: Buffer, runs: readonly Run[], { place }: Geometry): Write[] {
  let taken = 0;
  return runs.map(({ first, count }) => {
    const data = Buffer.alloc(count * place.clusterBytes);
    bytes.copy(data, 0, taken);
    taken += data.length;
    return { offset: clusterOffset(first, place), data };
  });
}

/** 0, as in an entry, where there is none. */
function firstOf(runs: readonly Run[] | undefined): number {
  return runs?.[0]?.first ?? 0;
}
