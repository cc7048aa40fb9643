import { emitKeypressEvents, type Key } from 'node:readline';
import { MediasmithError } from '../contract/errors.ts';

/** The part of a terminal that keys come from. */
export type KeyInput = NodeJS.ReadableStream & {
  isTTY?: boolean;
  isRaw?: boolean;
  readableEnded?: boolean;
  destroyed?: boolean;
  setRawMode?: (raw: boolean) => unknown;
};

export type KeySource = { input: KeyInput; signal?: AbortSignal | undefined };

/** A terminal that was hung up says any of these. */
const ENDS = ['end', 'close', 'error'] as const;

/**
 * Gives each key to `onKey` until it answers. A terminal that does not give each key as it is pressed is made to, and put
 * back. Ends with the signal's reason, or with `INTERRUPTED` when no more keys can come.
 */
export async function readKeys<T>(
  { input, signal }: KeySource,
  onKey: (text: string, key: Key) => { answer: T } | undefined,
): Promise<T> {
  signal?.throwIfAborted();
  if (input.readableEnded === true || input.destroyed === true) throw nobodyThere();
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const mine = input.isTTY === true && input.isRaw !== true;
  const onKeypress = (text: string | undefined, key: Key): void => {
    // Whoever has made the terminal raw before us listens for it.
    if (mine && key.name === 'c' && key.ctrl === true && !process.emit('SIGINT')) reject(interrupted());
    const answered = onKey(text ?? '', key);
    if (answered !== undefined) resolve(answered.answer);
  };
  const onEnd = (): void => reject(nobodyThere());
  const onAbort = (): void => reject(signal?.reason);
  emitKeypressEvents(input);
  input.on('keypress', onKeypress);
  for (const end of ENDS) input.on(end, onEnd);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (mine) input.setRawMode?.(true);
  input.resume();
  try {
    return await promise;
  } finally {
    input.off('keypress', onKeypress);
    for (const end of ENDS) input.off(end, onEnd);
    signal?.removeEventListener('abort', onAbort);
    if (mine) input.setRawMode?.(false);
    if (input.listenerCount('keypress') === 0) input.pause();
  }
}

function interrupted(): MediasmithError {
  return new MediasmithError('INTERRUPTED', 'interrupted by Ctrl-C');
}

function nobodyThere(): MediasmithError {
  return new MediasmithError('INTERRUPTED', 'a question was asked where nobody can answer: there is no console', {
    hint: 'Set unattended: true in media.yaml where nobody is there.',
  });
}
