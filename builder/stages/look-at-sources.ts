import { stat } from 'node:fs/promises';
import { hashBytes } from '../hash.ts';
import { hashingWorker } from '../hashing-worker.ts';
import type { MediaSource, ReadonlyMediaTree } from '../media-tree.ts';
import type { KnownSource } from '../source-memory.ts';
import type { StageContext } from './stage.ts';

/** The sources of a tree as they were when the writing began. */
export type TreeSources = {
  bytesOf(path: string): number;
  /** The SHA-256 of a file where it is known without reading it. */
  known(path: string): string | undefined;
  /** Keeps what was computed for the next build. */
  remember(hashes: ReadonlyMap<string, string>): Promise<void>;
  /** The SHA-256 of every file: remembered, or computed now, on another core. `onBytes`: of what is read. */
  hashAll(context: Pick<StageContext, 'signal'> & { onBytes?: (count: number) => void }): Promise<Map<string, string>>;
  /** `SOURCE_CHANGED` when one is no longer what it was. */
  refuseChanged(): Promise<void>;
};

export async function lookAtSources(
  tree: ReadonlyMediaTree,
  { memory, workspace }: Pick<StageContext, 'memory' | 'workspace'>,
): Promise<TreeSources> {
  const sources = new Map<string, KnownSource>();
  const sizes = new Map<string, number>();
  for (const [path, source] of tree) {
    if (source.kind === 'file') sources.set(path, await memory.lookAt(source.path));
    sizes.set(path, source.kind === 'bytes' ? source.data.length : (await stat(source.path)).size);
  }
  const sourceOf = (path: string): MediaSource => {
    const source = tree.get(path);
    if (source === undefined) throw new Error(`${path} is not in the tree`);
    return source;
  };
  const known = (path: string): string | undefined => {
    const source = sourceOf(path);
    return source.kind === 'bytes' ? hashBytes(source.data) : (source.sha256 ?? sources.get(path)?.facts.sha256);
  };
  const remember = async (path: string, sha256: string): Promise<void> => {
    const source = sourceOf(path);
    // What lies in the workspace is gone when the build has ended.
    if (source.kind === 'file' && !source.path.startsWith(workspace) && known(path) === undefined)
      await sources.get(path)?.remember({ sha256 });
  };
  return {
    bytesOf: (path) => sizes.get(path) ?? 0,
    known,
    remember: async (hashes) => {
      for (const [path, sha256] of hashes) await remember(path, sha256);
    },
    hashAll: async ({ signal, onBytes }) => {
      await using worker = hashingWorker();
      const stop = () => void worker[Symbol.asyncDispose]();
      signal.addEventListener('abort', stop, { once: true });
      const hash = async (path: string, file: string): Promise<string> => {
        signal.throwIfAborted();
        const place = { file, parts: [{ offset: 0, bytes: sizes.get(path) ?? 0 }] };
        return await worker.hash(place, onBytes).catch(async (error) => {
          signal.throwIfAborted();
          await sources.get(path)?.refuseChanged();
          throw error;
        });
      };
      const hashes = new Map<string, string>();
      for (const [path, source] of tree) {
        const sha256 = known(path) ?? (await hash(path, source.kind === 'file' ? source.path : path));
        await remember(path, sha256);
        hashes.set(path, sha256);
      }
      signal.removeEventListener('abort', stop);
      return hashes;
    },
    refuseChanged: async () => {
      for (const source of sources.values()) await source.refuseChanged();
    },
  };
}
