import { Worker } from 'node:worker_threads';
import type { Place } from './placed-content.ts';

/** What the worker is asked, and what it answers: for each piece how large it was, and at last the digest. */
export type HashRequest = { id: number; place: Place };
export type HashAnswer = { id: number; bytes: number } | { id: number; sha256: string } | { id: number; error: string };

/** Hashes content on another core while this one does something else. */
export type HashingWorker = AsyncDisposable & {
  /** SHA-256, in hexadecimal. `onBytes` is told of each piece. */
  hash(place: Place, onBytes?: (count: number) => void): Promise<string>;
};

type Asked = PromiseWithResolvers<string> & { onBytes: ((count: number) => void) | undefined };

export function hashingWorker(): HashingWorker {
  const waiting = new Map<number, Asked>();
  const failAll = (error: Error): void => {
    for (const { reject } of waiting.values()) reject(error);
  };
  const start = (): Worker => {
    const started = new Worker(new URL('hashing-worker.worker.ts', import.meta.url));
    started.on('message', (answer: HashAnswer) => {
      const asked = waiting.get(answer.id);
      if ('bytes' in answer) return asked?.onBytes?.(answer.bytes);
      waiting.delete(answer.id);
      if ('sha256' in answer) asked?.resolve(answer.sha256);
      else asked?.reject(new Error(answer.error));
    });
    started.on('error', failAll);
    started.on('exit', () => failAll(new Error('the hashing worker ended without a result')));
    return started;
  };
  // Files that are made in memory need none.
  let worker: Worker | undefined;
  let next = 0;
  return {
    hash: (place, onBytes) => {
      const asked = { ...Promise.withResolvers<string>(), onBytes };
      // Nobody looks at it when the other work fails.
      asked.promise.catch(() => undefined);
      const id = next++;
      waiting.set(id, asked);
      worker ??= start();
      worker.postMessage({ id, place } satisfies HashRequest);
      return asked.promise;
    },
    [Symbol.asyncDispose]: async () => {
      await worker?.terminate();
    },
  };
}
