import { type ClusterAllocator, extentsOf } from '../shared/clusters.ts';
import { refuseWithoutRoom } from '../shared/refuse-without-room.ts';
import { foldersOf } from '../shared/tree.ts';
import type { Extent, Write } from '../volume.ts';
import { withContent } from './entry-set.ts';
import { chain } from './fat.ts';
import type { Layout } from './layout.ts';
import type { FileData, Folder, FolderData } from './volume-tree.ts';

/** What placing works on; chains of clusters are made in `fat`. */
export type Place = { layout: Layout; allocator: ClusterAllocator; fat: Buffer };

/**
 * Gives folders and new files their clusters, folders first, and writes the folders. A folder in `unchanged` stays where
 * it is. `NO_SPACE`, and then nothing has been given.
 */
export function placeTree(
  root: Folder,
  files: ReadonlyMap<string, FileData>,
  unchanged: ReadonlySet<Folder>,
  place: Place,
): { rootCluster: number; files: Map<string, Extent[]>; writes: Write[] } {
  const { clusterBytes } = place.layout;
  const folders = [...foldersOf(root)].filter((folder) => !unchanged.has(folder));
  refuseWithoutRoom(clustersFor(folders, files.values(), clusterBytes), place.allocator.free, clusterBytes);
  for (const folder of folders) {
    const data = dataOf(folder);
    folder.data = {
      ...data,
      ...content(data.set, folderClusters(folder, clusterBytes) * clusterBytes, place, folder === root),
    };
  }
  for (const data of files.values()) Object.assign(data, content(data.set, data.bytes, place, false));
  return {
    rootCluster: dataOf(root).runs[0]?.first ?? 0,
    files: placesOf(files, place.layout),
    writes: folders.flatMap((folder) => folderWrites(folder, place.layout)),
  };
}

/** How many clusters of this size folders and files need. */
export function clustersFor(
  folders: Iterable<Folder>,
  files: Iterable<{ bytes: number }>,
  clusterBytes: number,
): number {
  let clusters = 0;
  for (const folder of folders) clusters += folderClusters(folder, clusterBytes);
  for (const { bytes } of files) clusters += Math.ceil(bytes / clusterBytes);
  return clusters;
}

/** One where a folder is empty. */
function folderClusters(folder: Folder, clusterBytes: number): number {
  const bytes = setsIn(folder).reduce((sum, { length }) => sum + length, 0);
  return Math.max(Math.ceil(bytes / clusterBytes), 1);
}

function content(set: Buffer, bytes: number, place: Place, isRoot: boolean) {
  const runs = place.allocator.allocate(Math.ceil(bytes / place.layout.clusterBytes));
  if (runs.length > 1 || isRoot) chain(place.fat, runs);
  return { set: isRoot ? set : withContent(set, runs, bytes), bytes, runs };
}

function setsIn(folder: Folder): Buffer[] {
  const children = [...folder.children.values()].map((node) =>
    node.kind === 'file' ? node.data.set : dataOf(node).set,
  );
  return [...dataOf(folder).entries, ...children];
}

function dataOf(folder: Folder): FolderData {
  if (!folder.data) throw new Error(`the folder ${folder.name} has no entries`);
  return folder.data;
}

function folderWrites(folder: Folder, layout: Layout): Write[] {
  const { bytes, runs } = dataOf(folder);
  const content = Buffer.alloc(bytes);
  Buffer.concat(setsIn(folder)).copy(content);
  let at = 0;
  return extentsOf(runs, bytes, layout).map((extent) => {
    const data = content.subarray(at, at + extent.bytes);
    at += extent.bytes;
    return { offset: extent.offset, data };
  });
}

function placesOf(files: ReadonlyMap<string, FileData>, layout: Layout): Map<string, Extent[]> {
  const places = [...files].map(([path, { runs, bytes }]): [string, Extent[]] => [
    path,
    extentsOf(runs, bytes, layout),
  ]);
  return new Map(places.sort(([, a], [, b]) => (a[0]?.offset ?? 0) - (b[0]?.offset ?? 0)));
}
