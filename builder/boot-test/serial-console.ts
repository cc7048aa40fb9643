import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { parseEventLine } from '../../runtime/contract/parse-event-line.ts';
import { SerialLines } from './serial-lines.ts';

const LAST_LINES = 20;

type Waiter = { take: (line: string) => void; fail: (reason: string) => void };

/** What a machine says on its serial port, for those who listen and those who wait. */
export class SerialConsole {
  readonly #cutter = new SerialLines();
  readonly #lines: string[] = [];
  readonly #listeners = new Set<(line: string) => void>();
  readonly #waiters = new Set<Waiter>();
  #ended: string | undefined;

  push(bytes: Uint8Array): void {
    for (const line of this.#cutter.push(bytes)) this.#add(line);
  }

  /** Nothing more will come: whoever still waits is told why. Only the first reason counts. */
  end(reason: string): void {
    if (this.#ended !== undefined) return;
    for (const line of this.#cutter.end()) this.#add(line);
    this.#ended = reason;
    for (const waiter of [...this.#waiters]) waiter.fail(reason);
  }

  lines(): readonly string[] {
    return this.#lines;
  }

  lastLines(): readonly string[] {
    return this.#lines.slice(-LAST_LINES);
  }

  /** Calls for each further line; the function returned ends that. */
  onLine(listener: (line: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls for each further event of the runtime; the function returned ends that. */
  onEvent(listener: (event: RunEvent) => void): () => void {
    return this.onLine((line) => {
      const event = parseEventLine(line);
      if (event !== undefined) listener(event);
    });
  }

  /**
   * The first complete line that matches, among those already there and those to come. Throws `BOOT_TEST_FAILED` with
   * the last lines when the machine ends first or the time is over.
   */
  waitForLine(pattern: RegExp, { seconds }: { seconds: number }): Promise<string> {
    return this.#wait((line) => (line.search(pattern) < 0 ? undefined : line), `a line ${pattern}`, seconds);
  }

  /** As {@link waitForLine}, for an event of the runtime. */
  waitForEvent(predicate: (event: RunEvent) => boolean, { seconds }: { seconds: number }): Promise<RunEvent> {
    const eventOf = (line: string) => {
      const event = parseEventLine(line);
      return event !== undefined && predicate(event) ? event : undefined;
    };
    return this.#wait(eventOf, 'the event', seconds);
  }

  #add(line: string): void {
    this.#lines.push(line);
    for (const listener of [...this.#listeners]) listener(line);
    for (const waiter of [...this.#waiters]) waiter.take(line);
  }

  #wait<T>(find: (line: string) => T | undefined, what: string, seconds: number): Promise<T> {
    for (const line of this.#lines) {
      const found = find(line);
      if (found !== undefined) return Promise.resolve(found);
    }
    if (this.#ended !== undefined) return Promise.reject(this.#failure(`${this.#ended}, before ${what}`));
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const leave = () => {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
    };
    const fail = (reason: string) => {
      leave();
      reject(this.#failure(reason));
    };
    const waiter: Waiter = {
      take: (line) => {
        const found = find(line);
        if (found === undefined) return;
        leave();
        resolve(found);
      },
      fail: (reason) => fail(`${reason}, before ${what}`),
    };
    const timer = setTimeout(() => fail(`${what} did not come within ${seconds} s`), seconds * 1000);
    this.#waiters.add(waiter);
    return promise;
  }

  #failure(message: string): MediasmithError {
    return new MediasmithError('BOOT_TEST_FAILED', message, { lines: this.lastLines() });
  }
}
