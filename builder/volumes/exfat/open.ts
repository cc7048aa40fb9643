import { extentsOf } from '../shared/clusters.ts';
import { filesOf, foldersOf } from '../shared/tree.ts';
import type { OpenedVolume, ReadAt } from '../volume.ts';
import { clustersFor } from './place-tree.ts';
import { readVolume } from './read-volume.ts';
import { planUpdate } from './update.ts';

/** As in the contract. What an update needs to write all folders again does not count as free. */
export async function open(read: ReadAt): Promise<OpenedVolume> {
  const volume = await readVolume(read);
  const { boot, label, root, used } = volume;
  const { layout, volumeId } = boot;
  const free = used.count - used.used - clustersFor(foldersOf(root), [], layout.clusterBytes);
  const files = [...filesOf(root)].map(([path, { data }]): [string, OpenedFile] => [
    path,
    { path, bytes: data.bytes, extents: extentsOf(data.runs, data.bytes, layout) },
  ]);
  return {
    label,
    volumeId,
    bytes: layout.bytes,
    freeBytes: Math.max(free, 0) * layout.clusterBytes,
    files: new Map(files),
    update: (changes) => planUpdate(volume, changes),
  };
}

type OpenedFile = OpenedVolume['files'] extends ReadonlyMap<string, infer File> ? File : never;
