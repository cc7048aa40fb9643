import { dirname } from 'node:path';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { PIECE_BYTES, pieceBuffers, writeLargeFile } from '../../large-file.ts';
import type { NamedPipe } from './named-pipe.ts';
import type { StreamDigest } from './stream-digest.ts';

/** Puts what comes out of a pipe into a file, and hashes it on the way. `NO_SPACE` when the disk becomes full. */
export async function storeImage(
  pipe: NamedPipe,
  output: string,
  digest: StreamDigest,
  signal: AbortSignal,
): Promise<void> {
  try {
    using reader = pipe.open(pieceBuffers());
    let ended = false;
    const next = async (): Promise<Uint8Array | undefined> => {
      if (ended) return undefined;
      const data = await reader.read();
      ended = data.length < PIECE_BYTES;
      return data;
    };
    await writeLargeFile(output, next, {
      also: (data) => digest.update(data),
      // The disk has to have all of it before it gets its name.
      patienceMilliseconds: Number.POSITIVE_INFINITY,
      signal,
    });
  } catch (error) {
    throw isFull(error) ? noSpace(output, error) : error;
  } finally {
    // A pipe that nobody reads must not look read: xorriso would wait for ever, even when it is told to stop.
    await pipe.release();
  }
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
