import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

export const PIECE_BYTES = 4 * 1024 ** 2;
const PIECES = 16;
const WASM_PAGE_BYTES = 64 * 1024;
/** What a disk may ask of places and lengths that are written past the page cache. */
const BLOCK_BYTES = 4096;

/**
 * What a large file's pieces are put into, by turns. WebAssembly's memory begins at a page, as a disk asks of what is
 * written past the page cache, and a worker may read it.
 */
export function pieceBuffers(): Uint8Array[] {
  const pages = (PIECES * PIECE_BYTES) / WASM_PAGE_BYTES;
  const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  return Array.from({ length: PIECES }, (_, index) => new Uint8Array(buffer, index * PIECE_BYTES, PIECE_BYTES));
}

export type PieceOptions = {
  /** What else is done with each piece while it is written. */
  also?: (data: Uint8Array) => Promise<unknown>;
  signal: AbortSignal;
  /** So many pieces may wait for the disk before it counts as slow. */
  behind?: number;
};

/**
 * Writes a new file, of which `next` gives one piece after the other: each in the next of the `pieceBuffers`, which is free
 * again by then. While it gives one, others are written. `EEXIST` where there is such a file.
 *
 * Pieces go past the page cache, which costs next to no processor, as long as the disk keeps up; then the kernel takes the
 * rest into memory, as it does for everybody else.
 */
export async function writeLargeFile(
  path: string,
  next: () => Promise<Uint8Array | undefined>,
  { also, signal, behind = PIECES / 2 }: PieceOptions,
): Promise<void> {
  await using file = await createFile(path, behind);
  const used: Promise<unknown>[] = [];
  try {
    for (let position = 0; ; ) {
      if (used.length === PIECES) await used.shift();
      signal.throwIfAborted();
      const data = await next();
      if (data === undefined) break;
      const work = Promise.all([file.write(data, position), also?.(data)]);
      // Looked at when its turn comes.
      work.catch(() => undefined);
      used.push(work);
      position += data.length;
    }
    await Promise.all(used);
  } finally {
    await Promise.allSettled(used);
  }
}

type LargeFile = AsyncDisposable & { write(data: Uint8Array, position: number): Promise<void> };

async function createFile(path: string, behind: number): Promise<LargeFile> {
  const file = await open(path, 'wx');
  const handle = await openDirect(path);
  let direct = handle;
  let waiting = 0;
  return {
    write: async (data, position) => {
      if (waiting >= behind) direct = undefined;
      if (direct === undefined || position % BLOCK_BYTES !== 0 || data.length % BLOCK_BYTES !== 0)
        return await write(file, data, position);
      waiting++;
      try {
        await write(direct, data, position);
      } catch (error) {
        if (!isNotMeant(error)) throw error;
        direct = undefined;
        await write(file, data, position);
      } finally {
        waiting--;
      }
    },
    [Symbol.asyncDispose]: async () => {
      await handle?.close();
      await file.close();
    },
  };
}

async function openDirect(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_WRONLY | constants.O_DIRECT);
  } catch (error) {
    if (isNotMeant(error)) return undefined;
    throw error;
  }
}

/** How a file system says that it does not write past the page cache, or not from this memory. */
function isNotMeant(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EINVAL' || error.code === 'EOPNOTSUPP');
}

async function write(file: FileHandle, data: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < data.length; ) {
    done += (await file.write(data, done, data.length - done, position + done)).bytesWritten;
  }
}
