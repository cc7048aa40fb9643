import { Worker } from 'node:worker_threads';

/** Hashes on another core what is being written into a file. */
export type StreamDigest = AsyncDisposable & {
  /** Takes the next bytes, in shared memory. Settles when that memory may be used again. */
  update(data: Uint8Array): Promise<void>;
  /**
   * The SHA-256, in hexadecimal, of a file that holds those bytes, some of which, from `changedFrom` on, were changed since.
   * What lies that far back is read again.
   */
  finish(file: string, changedFrom: number): Promise<string>;
};

/** What the worker is asked; it answers in the same order, with the digest or with nothing. */
export type DigestRequest = { data: Uint8Array } | { file: string; changedFrom: number };
export type DigestAnswer = { sha256?: string };

export function streamDigest(): StreamDigest {
  const worker = new Worker(new URL('stream-digest.worker.ts', import.meta.url));
  const waiting: PromiseWithResolvers<DigestAnswer>[] = [];
  let ended: Error | undefined;
  const failAll = (error: Error): void => {
    ended = error;
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  worker.on('message', (answer: DigestAnswer) => waiting.shift()?.resolve(answer));
  worker.on('error', failAll);
  worker.on('exit', () => failAll(new Error('the hashing worker ended without a result')));
  const ask = (request: DigestRequest): Promise<DigestAnswer> => {
    const asked = Promise.withResolvers<DigestAnswer>();
    // Nobody looks at it when the writing fails.
    asked.promise.catch(() => undefined);
    if (ended !== undefined) asked.reject(ended);
    else {
      waiting.push(asked);
      worker.postMessage(request);
    }
    return asked.promise;
  };
  return {
    update: async (data) => void (await ask({ data })),
    finish: async (file, changedFrom) => (await ask({ file, changedFrom })).sha256 ?? '',
    [Symbol.asyncDispose]: async () => void (await worker.terminate()),
  };
}
