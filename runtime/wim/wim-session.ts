import { MediasmithError } from '../contract/errors.ts';
import type { Done, Pointer } from './declarations.ts';
import { guardExit } from './exit-guard.ts';
import type { WimLibrary } from './library.ts';
import { progressOf, type WimCallOptions } from './progress.ts';
import { type WimFailure, wimError } from './wim-error.ts';

/** What a call is for; see {@link WimFailure}. */
export type WimCall = Pick<WimFailure, 'task' | 'doing' | 'where'>;

/** Makes the progress of a call out of the library's messages; see {@link progressOf}. */
export type ReadProgress = typeof progressOf;

type Running = { options: WimCallOptions; readProgress: ReadProgress; thrown?: { error: unknown } };

const CONTINUE = 0;
const ABORT = 1;

/** One WIMStruct of libwim: its life, its progress function, and that one call at a time runs on it. */
export class WimSession implements Disposable {
  readonly library: WimLibrary;
  readonly handle: Pointer;
  /** The file, for messages; where the WIM is in no file yet, words for it. */
  readonly path: string;
  /** When the images that were added or changed are to say they were modified, in nanoseconds since 1970, by index. */
  readonly imageTimes = new Map<number, bigint>();
  readonly #progress: Pointer;
  #running: Running | undefined;
  #closed = false;

  constructor(library: WimLibrary, handle: Pointer, path: string) {
    this.library = library;
    this.handle = handle;
    this.path = path;
    this.#progress = library.callback('progress', (message: number, info: Pointer | null) =>
      this.#receive(message, info),
    );
    library.functions.registerProgressFunction(handle, this.#progress, null);
  }

  /**
   * Runs one asynchronous call and waits for it. Throws `INTERRUPTED` when the signal ended it, what `onProgress` threw,
   * or what the library's code means.
   */
  async run(
    call: WimCall,
    options: WimCallOptions,
    start: (done: Done) => void,
    readProgress: ReadProgress = progressOf,
  ): Promise<void> {
    const running = this.#begin(call, options, readProgress);
    try {
      await callLibrary(this.library, call, start);
    } catch (error) {
      if (running.thrown !== undefined) throw running.thrown.error;
      throw error;
    } finally {
      this.#end();
    }
  }

  /** Runs one call that returns at once. */
  runNow(call: WimCall, run: () => number): void {
    const mark = this.library.errorLog.mark();
    checkCode(this.library, call, this.peek(call, run), mark);
  }

  /** Reads what the library has in memory. */
  peek<Result>(call: WimCall, read: () => Result): Result {
    this.#begin(call, {});
    try {
      return read();
    } finally {
      this.#end();
    }
  }

  /** Keeps every other call away while the body works with this session as a part of another session's call. */
  async lend<Result>(call: WimCall, body: (handle: Pointer) => Promise<Result>): Promise<Result> {
    this.#begin(call, {});
    try {
      return await body(this.handle);
    } finally {
      this.#end();
    }
  }

  /** Frees the library's memory, after the running call if there is one. */
  [Symbol.dispose](): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#running === undefined) this.#free();
  }

  #begin(call: WimCall, options: WimCallOptions, readProgress: ReadProgress = progressOf): Running {
    if (this.#closed) throw new Error(`cannot ${call.doing}: the file is closed`);
    if (this.#running !== undefined) throw new Error(`cannot ${call.doing}: another call is running on the file`);
    if (options.signal?.aborted) throw new MediasmithError('INTERRUPTED', `interrupted: ${call.doing}`);
    this.#running = { options, readProgress };
    return this.#running;
  }

  #end(): void {
    this.#running = undefined;
    if (this.#closed) this.#free();
  }

  #free(): void {
    this.library.functions.free(this.handle);
    this.library.release(this.#progress);
  }

  #receive(message: number, info: Pointer | null): number {
    const running = this.#running;
    if (running === undefined) return CONTINUE;
    if (running.thrown !== undefined || running.options.signal?.aborted) return ABORT;
    const { onProgress } = running.options;
    if (onProgress === undefined || info === null) return CONTINUE;
    try {
      const progress = running.readProgress(message, (offset) => this.library.readNumber(info, offset, 'uint64'));
      if (progress !== undefined) onProgress(progress);
      return CONTINUE;
    } catch (error) {
      // An exception that passes through C would be taken for "continue".
      running.thrown = { error };
      return ABORT;
    }
  }
}

/** Waits for one asynchronous call of the library and throws what its code means. */
export async function callLibrary(library: WimLibrary, call: WimCall, start: (done: Done) => void): Promise<void> {
  const mark = library.errorLog.mark();
  const code = await guardExit(
    library.exitNow,
    () =>
      new Promise<number>((resolve, reject) => {
        start((error, result) => (error ? reject(error) : resolve(result)));
      }),
  );
  checkCode(library, call, code, mark);
}

function checkCode(library: WimLibrary, call: WimCall, code: number, mark: number): void {
  if (code === 0) return;
  const text = library.functions.getErrorString(code) ?? `error ${code} of libwim`;
  throw wimError({ ...call, code, text, lines: library.errorLog.linesSince(mark) });
}
