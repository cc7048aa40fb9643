import type { StateStore } from '../../runtime/platform/platform.ts';

/** Cuts the power at one of the writes of a state: nothing of it, half of it or all of it is on the disk then. */
export class PowerCut {
  /** Writes so far. */
  writes = 0;
  /** Resolves when the power goes. */
  readonly happens: Promise<'cut'>;
  readonly #at: number;
  readonly #part: number;
  readonly #stores: StateStore[] = [];
  #cut: () => void = () => undefined;

  /** `at` counts from 1; 0 for never. `part` is how much of that write arrives: 0 to 1. */
  constructor(at: number, part: number) {
    this.#at = at;
    this.#part = part;
    this.happens = new Promise((resolve) => {
      this.#cut = () => resolve('cut');
    });
  }

  wrap(store: StateStore): StateStore {
    this.#stores.push(store);
    return {
      ...store,
      append: async (bytes, options) => {
        if (++this.writes !== this.#at) return store.append(bytes, options);
        const arrives = bytes.subarray(0, Math.floor(bytes.length * this.#part));
        if (arrives.length > 0) await store.append(arrives, { sync: true });
        return this.#goes();
      },
      replace: async (bytes) => {
        if (++this.writes !== this.#at) return store.replace(bytes);
        // Replacing is one step: it has happened or it has not.
        if (this.#part === 1) await store.replace(bytes);
        return this.#goes();
      },
    };
  }

  /** Nothing ever goes on after it. */
  async #goes(): Promise<never> {
    for (const store of this.#stores) await store.close();
    this.#cut();
    return new Promise(() => undefined);
  }
}
