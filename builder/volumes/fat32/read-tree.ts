import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { ClusterPlace } from '../shared/clusters.ts';
import { type ClusterMap, clusterOffset, type Run, runsOf } from '../shared/clusters.ts';
import { addRead, newFolder } from '../shared/tree.ts';
import type { ReadAt } from '../volume.ts';
import type { BootSector } from './boot-sector.ts';
import { isUsable, type ReadEntry, readEntries } from './read-entries.ts';
import { readWhole } from './read-whole.ts';
import { type FatTable, LEAST_END } from './table.ts';
import type { FatFolder } from './tree.ts';

type Found = { root: FatFolder; label: Buffer | undefined };

/** All folders and files; their clusters are marked in `used`. `MEDIUM_CORRUPT` where two share a cluster, or lose one. */
export async function readTree(read: ReadAt, boot: BootSector, table: FatTable, used: ClusterMap): Promise<Found> {
  const { place } = boot.geometry;
  const rootRuns = chain(boot.rootCluster, '/', table, used);
  const root: FatFolder = newFolder('', { runs: rootRuns, entries: Buffer.alloc(0) });
  const waiting = [{ folder: root, runs: rootRuns, path: '' }];
  let label: Buffer | undefined;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { folder, path } = next;
    const content = readEntries(await readRuns(read, next.runs, place));
    if (folder === root) label = content.label;
    for (const entry of content.found) {
      const at = `${path}${entry.name}`;
      if (!isUsable(entry.name)) throw corrupt(at, 'this name cannot be');
      if (!entry.folder) {
        addRead(folder, { kind: 'file', name: entry.name, data: fileOf(entry, at, place, table, used) });
        continue;
      }
      const runs = chain(entry.cluster, at, table, used);
      const below: FatFolder = newFolder(entry.name, { runs, entries: entry.entries });
      addRead(folder, below);
      waiting.push({ folder: below, runs, path: `${at}/` });
    }
  }
  return { root, label };
}

function fileOf(
  { cluster, bytes, entries }: ReadEntry,
  path: string,
  place: ClusterPlace,
  table: FatTable,
  used: ClusterMap,
) {
  const runs = cluster === 0 ? [] : chain(cluster, path, table, used);
  const room = runs.reduce((sum, { count }) => sum + count, 0) * place.clusterBytes;
  if (room < bytes) throw corrupt(path, `${bytes} bytes long, but it has only ${room}`);
  return { bytes, runs, entries };
}

function chain(first: number, path: string, table: FatTable, used: ClusterMap): Run[] {
  return runsOf(follow());

  function* follow(): Generator<number> {
    for (let cluster = first; cluster < LEAST_END; cluster = table.get(cluster)) {
      if (!used.holds(cluster)) throw corrupt(path, `cluster ${cluster} is none of a file`);
      if (!used.add(cluster)) throw corrupt(path, `cluster ${cluster} is used twice`);
      yield cluster;
    }
  }
}

async function readRuns(read: ReadAt, runs: readonly Run[], place: ClusterPlace): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const run of runs) {
    parts.push(await readWhole(read, clusterOffset(run.first, place), run.count * place.clusterBytes));
  }
  return Buffer.concat(parts);
}

function corrupt(path: string, why: string): MediasmithError {
  return new MediasmithError('MEDIUM_CORRUPT', `the volume's structures contradict each other: ${why}`, {
    where: path,
    hint: 'Check the volume (chkdsk, fsck.fat), or write the medium anew.',
  });
}
