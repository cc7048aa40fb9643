import { MediasmithError } from '../../contract/errors.ts';
import type { Variable } from '../../contract/variables.ts';
import type { StateStore } from '../../platform/platform.ts';
import { type Begin, emptyMemory, type Memory, recall, remember } from './memory.ts';
import { decodeRecords, encodeRecords, type JournalRecord } from './records.ts';
import type { Seal } from './seal.ts';

/**
 * What a run has done, kept so that the next start can go on after it. In memory alone until there is a disk that can
 * hold it; then every record is added to a file, and a cut at any byte costs at most the record that was being written.
 */
export class Journal {
  readonly memory: Memory;
  readonly #seal: Seal;
  #store: StateStore | undefined;
  #unwritten: JournalRecord[] = [];
  /** The store did not take what was written last: it gets everything anew. */
  #broken = false;

  /** Whether the step that was cut may run again whatever it is: somebody was asked. */
  readonly mayRepeat: boolean;

  constructor(memory: Memory, seal: Seal, mayRepeat = false) {
    this.memory = memory;
    this.#seal = seal;
    this.mayRepeat = mayRepeat;
  }

  static begin(begin: Omit<Begin, 'record' | 'formatVersion'>, seal: Seal): Journal {
    return new Journal(emptyMemory({ record: 'begin', formatVersion: 1, ...begin }), seal);
  }

  get place(): string | undefined {
    return this.#store?.place;
  }

  record(record: JournalRecord): void {
    remember(this.memory, record);
    if (this.#store !== undefined) this.#unwritten.push(record);
  }

  recordVariable({ name, value, secret }: Variable): void {
    const sealed = secret && value !== '';
    this.record({
      record: 'variable',
      name,
      value: sealed ? this.#seal.seal(value) : value,
      ...(sealed && { sealed }),
    });
  }

  /** The variables as they were; `STATE_INVALID` when secrets were sealed for another medium. */
  variables(): Variable[] {
    return [...this.memory.variables.values()].map(({ name, value, sealed }) => ({
      name,
      value: sealed === true ? this.#open(name, value) : value,
      secret: sealed === true,
    }));
  }

  #open(name: string, sealed: string): string {
    try {
      return this.#seal.open(sealed);
    } catch (cause) {
      throw new MediasmithError('STATE_INVALID', `the secret variable ${name} of the earlier run cannot be read`, {
        hint: 'Start the sequence again: its state was left by another medium, or is damaged.',
        cause,
      });
    }
  }

  /**
   * Writes what has been recorded since the last time. Resolves to why that has begun to fail: it costs the way back after
   * a cut, and not the run. What is on the disk then is not followed, and everything is tried again with the next records.
   */
  async flush({ sync }: { sync: boolean }): Promise<unknown> {
    const store = this.#store;
    if (store === undefined || this.#unwritten.length === 0) return undefined;
    const records = this.#unwritten;
    this.#unwritten = [];
    const before = this.#broken;
    try {
      if (before) await store.replace(Buffer.from(encodeRecords(recall(this.memory))));
      else await store.append(Buffer.from(encodeRecords(records)), { sync });
      this.#broken = false;
      return undefined;
    } catch (error) {
      this.#broken = true;
      // A state that stops short of what has been done would have it done again. A full disk still takes an empty one.
      await store.replace(new Uint8Array()).catch(() => undefined);
      return before ? undefined : error;
    }
  }

  /** From now on the state lies in `store`: everything up to here is written there first. */
  async moveTo(store: StateStore): Promise<void> {
    const old = this.#store;
    // Windows replaces no file that is open.
    if (old !== store && old?.place === store.place) await old.close().catch(() => undefined);
    await store.replace(Buffer.from(encodeRecords(recall(this.memory))));
    this.#store = store;
    this.#unwritten = [];
    this.#broken = false;
    if (old === store) return;
    if (old?.place !== store.place) await old?.remove().catch(() => undefined);
    await old?.close().catch(() => undefined);
  }

  /** The disk the state lay on is laid out anew: what was there is gone. */
  async forgetPlace(): Promise<void> {
    await this.#store?.close().catch(() => undefined);
    this.#store = undefined;
    this.#unwritten = [];
    this.#broken = false;
  }

  /** The run is over: nothing of it stays on the disk. */
  async remove(): Promise<void> {
    await this.#store?.remove();
    await this.forgetPlace();
  }

  async close(): Promise<void> {
    await this.flush({ sync: true });
    await this.forgetPlace();
  }
}

/** Reads the state an earlier run has left. Undefined for a file that is damaged, or does not even say what it is. */
export async function readMemory(store: StateStore): Promise<Memory | undefined> {
  const [begin, ...rest] = decodeRecords(await store.read()) ?? [];
  if (begin?.record !== 'begin') return undefined;
  const memory = emptyMemory(begin);
  for (const record of rest) remember(memory, record);
  return memory;
}
