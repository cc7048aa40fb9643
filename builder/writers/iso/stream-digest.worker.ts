import { createHash, type Hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { DigestAnswer, DigestRequest } from './stream-digest.ts';

/** More than what follows the manifest on an ISO: the EFI system partition, padding and the backup GPT. */
const KEPT_BYTES = 64 * 1024 ** 2;
const CHUNK_BYTES = 4 * 1024 ** 2;

/** The hash of the first `position` bytes. The first of all stays, the others only while the end is near. */
type State = { position: number; hash: Hash };

const start: State = { position: 0, hash: createHash('sha256') };
const states: State[] = [];

parentPort?.on('message', (request: DigestRequest) => {
  const answer: DigestAnswer = 'data' in request ? update(request.data) : finish(request.file, request.changedFrom);
  parentPort?.postMessage(answer);
});

function update(data: Uint8Array): DigestAnswer {
  const { position, hash } = states.at(-1) ?? start;
  const next = { position: position + data.length, hash: hash.copy().update(data) };
  states.push(next);
  while ((states[0]?.position ?? next.position) < next.position - KEPT_BYTES) states.shift();
  return {};
}

function finish(path: string, changedFrom: number): DigestAnswer {
  const from = states.findLast(({ position }) => position <= changedFrom) ?? start;
  const hash = from.hash.copy();
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const file = openSync(path, 'r');
  try {
    for (let read = -1, at = from.position; read !== 0; at += read) {
      read = readSync(file, buffer, 0, CHUNK_BYTES, at);
      hash.update(buffer.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
  return { sha256: hash.digest('hex') };
}
