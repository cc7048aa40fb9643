import type { StateStore } from '../../runtime/platform/platform.ts';

/** A disk on which writes of a state fail. What was to be written is half there then, as a full disk leaves it. */
export class FullDisk {
  /** Writes so far. */
  writes = 0;
  readonly #fails: (write: number) => boolean;
  readonly #error: string;

  /** `fails` is asked for each write, counted from 1. An empty file takes no room. */
  constructor(fails: (write: number) => boolean, error = 'ENOSPC: no space left on device, write') {
    this.#fails = fails;
    this.#error = error;
  }

  wrap = (store: StateStore): StateStore => ({
    ...store,
    append: async (bytes, options) => {
      if (!this.#fails(++this.writes)) return store.append(bytes, options);
      await store.append(bytes.subarray(0, bytes.length / 2), options);
      throw new Error(this.#error);
    },
    replace: async (bytes) => {
      if (bytes.length > 0 && this.#fails(++this.writes)) throw new Error(this.#error);
      return store.replace(bytes);
    },
  });
}
