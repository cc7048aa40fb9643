import { Worker } from 'node:worker_threads';

export type GrowingFileHash = AsyncDisposable & {
  /**
   * Says that the file is whole and that everything from `settledFrom` on may have been changed since it was written.
   * Resolves to the SHA-256 of the file as it is now, in hexadecimal.
   */
  finish(settledFrom: number): Promise<string>;
};

/**
 * Hashes a file on another core while somebody writes it from its beginning to its end. The last `holdBackBytes` are
 * left alone until it is whole, so that they can still be changed.
 */
export function hashGrowingFile(path: string, holdBackBytes: number): GrowingFileHash {
  const worker = new Worker(new URL('growing-file-hash.worker.ts', import.meta.url), {
    workerData: { path, holdBackBytes },
  });
  const result = Promise.withResolvers<string>();
  worker.on('message', (digest: string) => result.resolve(digest));
  worker.on('error', (error) => result.reject(error));
  worker.on('exit', () => result.reject(new Error('the hashing worker ended without a result')));
  // Nobody waits for it when the writing fails.
  result.promise.catch(() => undefined);
  return {
    finish: (settledFrom) => {
      worker.postMessage({ settledFrom });
      return result.promise;
    },
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}
