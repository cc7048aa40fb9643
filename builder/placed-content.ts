import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';

/** Bytes of a file or device, in the order in which they belong together. */
export type Part = { offset: number; bytes: number };
/** Where the content of a file lies: a file of its own, or a part of an ISO or of a device. */
export type Place = { file: string; parts: readonly Part[] };

export type HashOptions = { signal: AbortSignal; onBytes: (count: number) => void };

const CHUNK_BYTES = 4 * 1024 * 1024;

export const bytesOf = ({ parts }: Pick<Place, 'parts'>): number => parts.reduce((sum, { bytes }) => sum + bytes, 0);

/** The content, or its first `limit` bytes. */
export async function readPlace({ file, parts }: Place, limit = Number.POSITIVE_INFINITY): Promise<Buffer> {
  await using handle = await open(file, 'r');
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOf(handle, piecesOf(parts, limit))) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** SHA-256, in hexadecimal. */
export async function hashPlace({ file, parts }: Place, { onBytes, signal }: HashOptions): Promise<string> {
  await using handle = await open(file, 'r');
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(handle, piecesOf(parts))) {
    hash.update(chunk);
    onBytes(chunk.length);
    signal.throwIfAborted();
  }
  return hash.digest('hex');
}

/** Copies the content into a new file. What was written of it stays where that fails. */
export async function copyPlace(
  { file, parts }: Place,
  to: string,
  { signal }: Pick<HashOptions, 'signal'>,
): Promise<void> {
  await using from = await open(file, 'r');
  await using copy = await open(to, 'wx');
  for await (const chunk of chunksOf(from, piecesOf(parts))) {
    for (let done = 0; done < chunk.length; ) done += (await copy.write(chunk, done)).bytesWritten;
    signal.throwIfAborted();
  }
}

/** Parts that fit a buffer, in order, until `limit` bytes are reached. */
function piecesOf(parts: readonly Part[], limit = Number.POSITIVE_INFINITY): Part[] {
  const pieces: Part[] = [];
  let left = limit;
  for (const { offset, bytes } of parts) {
    const wanted = Math.min(bytes, left);
    left -= wanted;
    for (let done = 0; done < wanted; done += CHUNK_BYTES)
      pieces.push({ offset: offset + done, bytes: Math.min(CHUNK_BYTES, wanted - done) });
  }
  return pieces;
}

/**
 * Two buffers: one is read while the other is used. A chunk is good until the next is asked for. They are as large as they
 * must be: a medium may have a hundred thousand small files.
 */
async function* chunksOf(file: FileHandle, pieces: readonly Part[]): AsyncGenerator<Buffer> {
  const largest = pieces.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  const buffers = [Buffer.allocUnsafe(largest), Buffer.allocUnsafe(pieces.length > 1 ? largest : 0)] as const;
  const read = async (index: number): Promise<Buffer | undefined> => {
    const piece = pieces[index];
    if (piece === undefined) return undefined;
    const buffer = buffers[(index % 2) as 0 | 1];
    const { bytesRead } = await file.read(buffer, 0, piece.bytes, piece.offset);
    if (bytesRead < piece.bytes) throw new Error(`it ends at byte ${piece.offset + bytesRead}`);
    return buffer.subarray(0, bytesRead);
  };
  let reading = read(0);
  try {
    for (let index = 0; ; index++) {
      const chunk = await reading;
      if (chunk === undefined) return;
      reading = read(index + 1);
      // Looked at when its turn comes.
      reading.catch(() => undefined);
      yield chunk;
    }
  } finally {
    await reading.catch(() => undefined);
  }
}
