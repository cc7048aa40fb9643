import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const CHUNK_BYTES = 4 * 1024 * 1024;

/** SHA-256 of a file, in hexadecimal. Two buffers: one is read while the other is hashed. */
export async function hashFile(
  path: string,
  options: { signal?: AbortSignal; onBytes?: (count: number) => void } = {},
): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  const buffers = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)] as const;
  let turn: 0 | 1 = 0;
  let reading = file.read(buffers[turn], 0, CHUNK_BYTES);
  try {
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return hash.digest('hex');
      const full = buffers[turn].subarray(0, bytesRead);
      turn = turn === 0 ? 1 : 0;
      reading = file.read(buffers[turn], 0, CHUNK_BYTES);
      hash.update(full);
      options.onBytes?.(bytesRead);
      options.signal?.throwIfAborted();
    }
  } finally {
    await reading.catch(() => undefined);
    await file.close();
  }
}

/** SHA-256 of bytes, in hexadecimal. */
export function hashBytes(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
