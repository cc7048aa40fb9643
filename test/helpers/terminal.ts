import { once } from 'node:events';
import { PassThrough } from 'node:stream';

/** A terminal's input: keys are typed into it, and it notes whether it gives each of them. */
export class Terminal extends PassThrough {
  readonly isTTY = true;
  readonly modes: boolean[] = [];

  setRawMode(raw: boolean): this {
    this.modes.push(raw);
    return this;
  }

  get isRaw(): boolean {
    return this.modes.at(-1) === true;
  }

  /** It gives each key, and somebody reads them. */
  get raw(): boolean {
    return this.isRaw && !this.isPaused();
  }

  /** Resolves when the keys have been read. */
  async type(keys: string): Promise<void> {
    const arrived = once(this, 'data');
    this.write(keys);
    await arrived;
  }
}
