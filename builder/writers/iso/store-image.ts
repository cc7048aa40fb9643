import { dirname } from 'node:path';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { createImageFile } from './image-file.ts';
import type { NamedPipe } from './named-pipe.ts';
import type { StreamDigest } from './stream-digest.ts';

const PIECE_BYTES = 4 * 1024 ** 2;
const PIECES = 16;
const WASM_PAGE_BYTES = 64 * 1024;

/**
 * Puts what comes out of a pipe into a file, and hashes it on the way. While one piece is read, others are written and
 * hashed. `NO_SPACE` when the disk becomes full.
 */
export async function storeImage(
  pipe: NamedPipe,
  output: string,
  digest: StreamDigest,
  signal: AbortSignal,
): Promise<void> {
  try {
    await copy(pipe, output, digest, signal);
  } catch (error) {
    throw isFull(error) ? noSpace(output, error) : error;
  } finally {
    // A pipe that nobody reads must not look read: xorriso would wait for ever, even when it is told to stop.
    await pipe.release();
  }
}

async function copy(pipe: NamedPipe, output: string, digest: StreamDigest, signal: AbortSignal): Promise<void> {
  using reader = pipe.open(sharedPieces());
  await using file = await createImageFile(output, PIECES / 2);
  const used: Promise<unknown>[] = [];
  try {
    for (let position = 0, ended = false; !ended; ) {
      if (used.length === PIECES) await used.shift();
      signal.throwIfAborted();
      const data = await reader.read();
      const work = Promise.all([file.write(data, position), digest.update(data)]);
      // Looked at when its turn comes.
      work.catch(() => undefined);
      used.push(work);
      position += data.length;
      ended = data.length < PIECE_BYTES;
    }
    await Promise.all(used);
  } finally {
    await Promise.allSettled(used);
  }
}

/** WebAssembly's memory begins at a page, as a disk asks of what is written past the page cache, and a worker may read it. */
function sharedPieces(): Uint8Array[] {
  const pages = (PIECES * PIECE_BYTES) / WASM_PAGE_BYTES;
  const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  return Array.from({ length: PIECES }, (_, index) => new Uint8Array(buffer, index * PIECE_BYTES, PIECE_BYTES));
}

function isFull(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

function noSpace(output: string, cause: Error): MediasmithError {
  return new MediasmithError('NO_SPACE', 'the disk is full: the ISO does not fit', {
    where: dirname(output),
    lines: [cause.message],
    hint: 'Free some space, or write to another disk. No output was replaced.',
    cause,
  });
}
