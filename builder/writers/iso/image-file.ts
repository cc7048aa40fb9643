import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** A file that is written in large pieces, several at a time. */
export type ImageFile = AsyncDisposable & {
  write(data: Uint8Array, position: number): Promise<void>;
};

/** What a disk may ask of places and lengths that are written past the page cache. */
const BLOCK_BYTES = 4096;

/**
 * An empty file. Pieces go past the page cache, which costs next to no processor, as long as the disk keeps up: once
 * `behind` of them wait for it, the kernel takes the rest into memory, as it does for everybody else. Whole pieces lie
 * in memory that begins at a page.
 */
export async function createImageFile(path: string, behind: number): Promise<ImageFile> {
  const file = await open(path, 'w');
  const handle = await openDirect(path);
  let direct = handle;
  let waiting = 0;
  return {
    write: async (data, position) => {
      if (waiting >= behind) direct = undefined;
      if (direct === undefined || data.length % BLOCK_BYTES !== 0) return await writeAll(file, data, position);
      waiting++;
      try {
        await writeAll(direct, data, position);
      } catch (error) {
        if (!isNotMeant(error)) throw error;
        direct = undefined;
        await writeAll(file, data, position);
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

/** How a file system says that it does not write past the page cache, or not at this place. */
function isNotMeant(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EINVAL' || error.code === 'EOPNOTSUPP');
}

async function writeAll(file: FileHandle, data: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < data.length; ) {
    const { bytesWritten } = await file.write(data, done, data.length - done, position + done);
    done += bytesWritten;
  }
}
