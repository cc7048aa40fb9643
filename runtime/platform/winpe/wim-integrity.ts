import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { notAsWritten } from '../new-image-file.ts';
import type { Task } from '../platform.ts';
import { HEADER_BYTES, MAGIC } from './wim-header.ts';

/** Microsoft: "Windows Imaging File Format": what the header says of the sums that DISM adds with /CheckIntegrity. */
const LOOKUP_TABLE = 48;
const INTEGRITY_TABLE = 124;
const TABLE_HEAD_BYTES = 12;
const SHA1_BYTES = 20;
const READ_BYTES = 1024 ** 2;

/**
 * Reads a WIM whole and compares it with the sums of its parts in its integrity table, which need no libwim.
 * `READ_BACK_FAILED` where they differ or there are none.
 */
export async function checkIntegrity(path: string, { signal, onProgress }: Task): Promise<void> {
  await using file = await open(path);
  const header = await readPart(file, 0, HEADER_BYTES);
  const lookup = placeAt(header, LOOKUP_TABLE);
  const table = placeAt(header, INTEGRITY_TABLE);
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC || table.bytes < TABLE_HEAD_BYTES)
    throw notAsWritten(path, new Error('no integrity table'));
  const sums = await readPart(file, table.offset, table.bytes);
  const chunkBytes = sums.readUInt32LE(8);
  const end = lookup.offset + lookup.bytes;
  const chunks = Math.ceil((end - HEADER_BYTES) / chunkBytes);
  if (chunkBytes === 0 || sums.readUInt32LE(4) !== chunks || sums.length < TABLE_HEAD_BYTES + chunks * SHA1_BYTES)
    throw notAsWritten(path, new Error('the integrity table does not fit the file'));
  for (let chunk = 0; chunk < chunks; chunk++) {
    const from = HEADER_BYTES + chunk * chunkBytes;
    const to = Math.min(end, from + chunkBytes);
    const sum = await sha1Of(file, from, to, signal);
    const at = TABLE_HEAD_BYTES + chunk * SHA1_BYTES;
    if (!sum.equals(sums.subarray(at, at + SHA1_BYTES))) throw notAsWritten(path, new Error(`at byte ${from}`));
    onProgress?.({ doneBytes: to, totalBytes: end });
  }
}

/** Where a part lies: seven bytes of size, of which six are enough, one of flags, eight of place. */
function placeAt(header: Buffer, at: number): { offset: number; bytes: number } {
  return { bytes: header.readUIntLE(at, 6), offset: Number(header.readBigUInt64LE(at + 8)) };
}

async function sha1Of(file: FileHandle, from: number, to: number, signal: AbortSignal | undefined): Promise<Buffer> {
  const hash = createHash('sha1');
  for (let at = from; at < to; at += READ_BYTES) {
    signal?.throwIfAborted();
    hash.update(await readPart(file, at, Math.min(READ_BYTES, to - at)));
  }
  return hash.digest();
}

async function readPart(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, offset);
  return bytesRead === length
    ? buffer
    : Buffer.concat([buffer.subarray(0, bytesRead), Buffer.alloc(length - bytesRead)]);
}
