import { createHash } from 'node:crypto';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import type { Task } from '../platform.ts';
import type { DiskPartition } from './block-devices.ts';

const CHUNK_BYTES = 4 * 1024 ** 2;

/** A partition and where it is to begin. The two places have nothing in common. */
export type Move = { from: DiskPartition; startBytes: number };

/**
 * Copies what partitions hold to other places of their disk, and reads it back from there. No table is changed.
 * `READ_BACK_FAILED` where the disk does not give back what it was given.
 */
export async function copyPartitions(
  disk: string,
  moves: readonly Move[],
  { proc }: { proc: string },
  { signal, onProgress }: Task,
): Promise<void> {
  const totalBytes = 2 * moves.reduce((sum, { from }) => sum + from.bytes, 0);
  let doneBytes = 0;
  const count = (bytes: number): void => {
    signal?.throwIfAborted();
    doneBytes += bytes;
    onProgress?.({ doneBytes, totalBytes });
  };
  const file = await open(disk, 'r+');
  try {
    const hashes: string[] = [];
    for (const move of moves) hashes.push(await copy(file, move, count));
    await file.sync();
    // What is read next shall come from the disk.
    await writeFile(join(proc, 'sys/vm/drop_caches'), '1').catch(() => undefined);
    for (const [index, { from, startBytes }] of moves.entries()) {
      const there = await readThrough(file, { startBytes, bytes: from.bytes }, async (piece) => count(piece.length));
      if (there === hashes[index]) continue;
      throw new MediasmithError('READ_BACK_FAILED', `${disk} does not give back what was written onto it`, {
        where: `${disk}, from byte ${startBytes}`,
        hint: 'The disk is damaged: replace it. The medium is where it was.',
      });
    }
  } finally {
    await file.close();
  }
}

function copy(file: FileHandle, { from, startBytes }: Move, count: (bytes: number) => void): Promise<string> {
  return readThrough(file, from, async (piece, offset) => {
    await file.write(piece, 0, piece.length, startBytes + offset);
    count(piece.length);
  });
}

/** Reads a range to its end, piece by piece. Resolves to its SHA-256. */
async function readThrough(
  file: FileHandle,
  { startBytes, bytes }: Pick<DiskPartition, 'startBytes' | 'bytes'>,
  use: (piece: Buffer, offset: number) => Promise<void>,
): Promise<string> {
  const sha256 = createHash('sha256');
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  for (let offset = 0; offset < bytes; ) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(CHUNK_BYTES, bytes - offset), startBytes + offset);
    if (bytesRead === 0) throw new Error(`the disk ends at byte ${startBytes + offset}`);
    const piece = buffer.subarray(0, bytesRead);
    sha256.update(piece);
    await use(piece, offset);
    offset += bytesRead;
  }
  return sha256.digest('hex');
}
