const PORTION_BYTES = 64 * 1024 ** 2;

export type Drain = {
  /** Says that so much more was written. Waits while the disk is more than a portion behind: progress is the disk's. */
  add(bytes: number): Promise<void>;
  /** Waits until the disk has all of it. */
  end(): Promise<void>;
};

/**
 * Has a disk take what was written while the next portion is: the kernel alone begins when its memory is full, or when it
 * is told to at the end. What `sync` throws comes out of the call behind it.
 */
export function drainTo(to: { sync(): Promise<void> }): Drain {
  let pending = 0;
  let draining: Promise<void> = Promise.resolve();
  return {
    add: async (bytes) => {
      pending += bytes;
      if (pending < PORTION_BYTES) return;
      pending = 0;
      await draining;
      draining = to.sync();
      // Looked at when the next portion is full, or at the end.
      draining.catch(() => undefined);
    },
    end: async () => {
      await draining;
      await to.sync();
    },
  };
}
