import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { PIECE_BYTES, pieceBuffers, writeLargeFile } from './large-file.ts';

/** Bytes of a file or device, in the order in which they belong together. */
export type Part = { offset: number; bytes: number };
/** Where the content of a file lies: a file of its own, or a part of an ISO or of a device. */
export type Place = { file: string; parts: readonly Part[] };

export type HashOptions = { signal: AbortSignal; onBytes: (count: number) => void };

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

/** Copies large content into a new file. What was written of it stays where that fails. */
export async function copyPlace(
  { file, parts }: Place,
  to: string,
  { signal }: Pick<HashOptions, 'signal'>,
): Promise<void> {
  await using from = await open(file, 'r');
  const buffers = pieceBuffers();
  const pieces = piecesOf(parts);
  let turn = 0;
  const next = async (): Promise<Uint8Array | undefined> => {
    const piece = pieces[turn];
    const buffer = buffers[turn++ % buffers.length];
    return piece === undefined || buffer === undefined ? undefined : await readPiece(from, piece, buffer);
  };
  await writeLargeFile(to, next, { signal });
}

/** Parts that fit a buffer, in order, until `limit` bytes are reached. */
function piecesOf(parts: readonly Part[], limit = Number.POSITIVE_INFINITY): Part[] {
  const pieces: Part[] = [];
  let left = limit;
  for (const { offset, bytes } of joined(parts)) {
    const wanted = Math.min(bytes, left);
    left -= wanted;
    for (let done = 0; done < wanted; done += PIECE_BYTES)
      pieces.push({ offset: offset + done, bytes: Math.min(PIECE_BYTES, wanted - done) });
  }
  return pieces;
}

/** Parts that lie one behind the other as one: UDF has none above 1 GiB, and its parts would break up whole pieces. */
function joined(parts: readonly Part[]): Part[] {
  const whole: Part[] = [];
  for (const { offset, bytes } of parts) {
    const last = whole.at(-1);
    if (last !== undefined && last.offset + last.bytes === offset) last.bytes += bytes;
    else whole.push({ offset, bytes });
  }
  return whole;
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
    return await readPiece(file, piece, buffers[(index % 2) as 0 | 1]);
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

async function readPiece<T extends Uint8Array>(file: FileHandle, { offset, bytes }: Part, buffer: T): Promise<T> {
  const { bytesRead } = await file.read(buffer, 0, bytes, offset);
  if (bytesRead < bytes) throw new Error(`it ends at byte ${offset + bytesRead}`);
  return buffer.subarray(0, bytesRead) as T;
}
