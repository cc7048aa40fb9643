import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { HashAnswer, HashRequest } from './hashing-worker.ts';
import type { Place } from './placed-content.ts';

const CHUNK_BYTES = 4 * 1024 * 1024;
const buffer = Buffer.allocUnsafe(CHUNK_BYTES);

parentPort?.on('message', ({ id, place }: HashRequest) => {
  parentPort?.postMessage(answer(id, place));
});

function answer(id: number, place: Place): HashAnswer {
  try {
    const onBytes = (bytes: number) => parentPort?.postMessage({ id, bytes } satisfies HashAnswer);
    return { id, sha256: hash(place, onBytes) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}

function hash({ file, parts }: Place, onBytes: (count: number) => void): string {
  const sha256 = createHash('sha256');
  const handle = openSync(file, 'r');
  try {
    for (const { offset, bytes } of parts) {
      for (let done = 0; done < bytes; ) {
        const read = readSync(handle, buffer, 0, Math.min(CHUNK_BYTES, bytes - done), offset + done);
        if (read === 0) throw new Error(`${file} ends at byte ${offset + done}`);
        sha256.update(buffer.subarray(0, read));
        done += read;
        onBytes(read);
      }
    }
    return sha256.digest('hex');
  } finally {
    closeSync(handle);
  }
}
