import type { FileHandle } from 'node:fs/promises';
import { deviceFailed } from './device-failed.ts';

const PORTION_BYTES = 64 * 1024 ** 2;

export type Drain = {
  /** Says that so much more was written. Waits while the device is more than a portion behind: progress is the device's. */
  add(bytes: number): Promise<void>;
  /** Waits until the device has all of it. `DEVICE_FAILED` where it does not take it. */
  end(): Promise<void>;
};

/** Has the device take what was written while the next portion is copied: the kernel alone begins only when memory is full. */
export function drainTo(to: Pick<FileHandle, 'sync'>): Drain {
  let pending = 0;
  let draining: Promise<void> = Promise.resolve();
  const sync = (): Promise<void> =>
    to.sync().catch((cause) => {
      throw deviceFailed('it has not taken everything', cause);
    });
  return {
    add: async (bytes) => {
      pending += bytes;
      if (pending < PORTION_BYTES) return;
      pending = 0;
      await draining;
      draining = sync();
      // Looked at when the next portion is full, or at the end.
      draining.catch(() => undefined);
    },
    end: async () => {
      await draining;
      await sync();
    },
  };
}
