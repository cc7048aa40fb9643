import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

const CHUNK_BYTES = 4 * 1024 * 1024;
/** How long to leave the writer alone when it has not written a chunk yet. */
const LOOK_AGAIN_MILLISECONDS = 10;

const { path, holdBackBytes } = workerData as { path: string; holdBackBytes: number };
let settledFrom: number | undefined;
parentPort?.once('message', (message: { settledFrom: number }) => {
  settledFrom = message.settledFrom;
});

const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
const file = await openWhenThere();
let hash = createHash('sha256');
let position = 0;
while (settledFrom === undefined) {
  if (fstatSync(file).size - position < holdBackBytes + CHUNK_BYTES) await setTimeout(LOOK_AGAIN_MILLISECONDS);
  else position += hashChunk(hash, position);
  // The message that ends the loop is delivered between turns of the event loop only.
  await new Promise(setImmediate);
}
if (settledFrom < position) {
  hash = createHash('sha256');
  position = 0;
}
for (let read = -1; read !== 0; position += read) read = hashChunk(hash, position);
closeSync(file);
parentPort?.postMessage(hash.digest('hex'));

function hashChunk(into: Hash, from: number): number {
  const read = readSync(file, buffer, 0, CHUNK_BYTES, from);
  into.update(buffer.subarray(0, read));
  return read;
}

async function openWhenThere(): Promise<number> {
  for (;;) {
    try {
      return openSync(path, 'r');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
      if (settledFrom !== undefined) throw error;
      await setTimeout(LOOK_AGAIN_MILLISECONDS);
    }
  }
}
