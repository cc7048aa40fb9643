import { createHash } from 'node:crypto';
import { constants, copyFile, mkdir, open, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hashBytes } from '../../hash.ts';
import type { ReadonlyMediaTree } from '../../media-tree.ts';
import type { KnownSource, SourceMemory } from '../../source-memory.ts';

export type CopyOptions = {
  memory: SourceMemory;
  signal: AbortSignal;
  /** How many bytes are done in all. */
  onBytes: (done: number) => void;
  /** Hashes of files below this folder are not remembered: they are gone when the build has ended. */
  scratch: string;
};

const CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * Copies a media tree into a folder that is there, and returns the SHA-256 of each file: computed while it is copied, or
 * remembered from an earlier time, and then the file system may share the blocks. Never links: a source may be changed
 * later. `SOURCE_CHANGED` when one is changed meanwhile.
 */
export async function copyTree(
  tree: ReadonlyMediaTree,
  folder: string,
  options: CopyOptions,
): Promise<Map<string, string>> {
  const { memory, signal, scratch } = options;
  const hashes = new Map<string, string>();
  const sources: KnownSource[] = [];
  let done = 0;
  for (const [path, source] of tree) {
    signal.throwIfAborted();
    const output = join(folder, path);
    await mkdir(dirname(output), { recursive: true });
    const count = (bytes: number): void => {
      done += bytes;
      options.onBytes(done);
    };
    if (source.kind === 'bytes') {
      await writeFile(output, source.data);
      hashes.set(path, hashBytes(source.data));
      count(source.data.length);
      continue;
    }
    const known = await memory.lookAt(source.path);
    sources.push(known);
    const sha256 = known.facts.sha256 ?? (await copyAndHash(source.path, output, signal, count));
    if (known.facts.sha256 !== undefined) count(await copyKnown(source.path, output));
    else if (!source.path.startsWith(scratch)) await known.remember({ sha256 });
    hashes.set(path, sha256);
  }
  for (const source of sources) await source.refuseChanged();
  return hashes;
}

async function copyAndHash(
  from: string,
  to: string,
  signal: AbortSignal,
  onBytes: (count: number) => void,
): Promise<string> {
  await using input = await open(from, 'r');
  await using output = await open(to, 'w');
  const hash = createHash('sha256');
  const buffers = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)] as const;
  let writing: Promise<unknown> = Promise.resolve();
  try {
    for (let turn: 0 | 1 = 0; ; turn = turn === 0 ? 1 : 0) {
      signal.throwIfAborted();
      const { bytesRead } = await input.read(buffers[turn], 0, CHUNK_BYTES);
      await writing;
      if (bytesRead === 0) return hash.digest('hex');
      const data = buffers[turn].subarray(0, bytesRead);
      writing = output.writeFile(data);
      // Looked at when the next piece has been read.
      writing.catch(() => undefined);
      hash.update(data);
      onBytes(bytesRead);
    }
  } finally {
    await writing.catch(() => undefined);
  }
}

/** Copy on write where the file system can. Returns the bytes. */
async function copyKnown(from: string, to: string): Promise<number> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  return (await stat(to)).size;
}
