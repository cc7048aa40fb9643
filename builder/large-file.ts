import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

export const PIECE_BYTES = 4 * 1024 ** 2;
const PIECES = 16;
const WASM_PAGE_BYTES = 64 * 1024;
/** A slow disk costs a build so much, and one that was busy for a moment stays what it is. */
const PATIENCE_MILLISECONDS = 1000;
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
  /** So long the disk may be waited for in all before it counts as slow. */
  patienceMilliseconds?: number;
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
  { also, signal, patienceMilliseconds = PATIENCE_MILLISECONDS }: PieceOptions,
): Promise<void> {
  await using file = await createFile(path);
  const used: { written: Promise<void>; done: Promise<unknown> }[] = [];
  let waited = 0;
  try {
    for (let position = 0; ; ) {
      if (waited > patienceMilliseconds) file.fillMemory();
      if (used.length === PIECES) {
        const oldest = used.shift();
        const since = performance.now();
        await oldest?.written;
        waited += performance.now() - since;
        await oldest?.done;
      }
      signal.throwIfAborted();
      const data = await next();
      if (data === undefined) break;
      const written = file.write(data, position);
      const done = Promise.all([written, also?.(data)]);
      // Looked at when its turn comes.
      done.catch(() => undefined);
      used.push({ written, done });
      position += data.length;
    }
    await Promise.all(used.map(({ done }) => done));
  } finally {
    await Promise.allSettled(used.map(({ done }) => done));
  }
}

type LargeFile = AsyncDisposable & {
  write(data: Uint8Array, position: number): Promise<void>;
  /** From here on the kernel takes what is written into memory. */
  fillMemory(): void;
};

async function createFile(path: string): Promise<LargeFile> {
  const file = await open(path, 'wx');
  const handle = await openDirect(path);
  let direct = handle;
  return {
    write: async (data, position) => {
      if (direct === undefined || position % BLOCK_BYTES !== 0 || data.length % BLOCK_BYTES !== 0)
        return await write(file, data, position);
      try {
        await write(direct, data, position);
      } catch (error) {
        if (!isNotMeant(error)) throw error;
        direct = undefined;
        await write(file, data, position);
      }
    },
    fillMemory: () => {
      direct = undefined;
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
