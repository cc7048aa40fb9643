import { emitKeypressEvents, type Key } from 'node:readline';
import type { KeyInput } from './console-keys.ts';

export type KeySetup = {
  input: KeyInput;
  /** F8, as in ConfigMgr's and MDT's boot images. */
  onCommandPrompt: () => void;
  /** Ctrl-C: a terminal that gives each key as it is pressed makes no signal of it. */
  onInterrupt: () => void;
};

/**
 * Listens to the keys of a terminal until it is disposed of, also while a question waits. What is typed while none does
 * is lost: a key that was pressed long ago must not answer. Where the input is no terminal, nothing is listened to.
 */
export function listenToKeys({ input, onCommandPrompt, onInterrupt }: KeySetup): Disposable {
  if (input.isTTY !== true) return { [Symbol.dispose]: () => undefined };
  const onKeypress = (_text: string | undefined, key: Key): void => {
    if (key.name === 'f8') onCommandPrompt();
    if (key.name === 'c' && key.ctrl === true) onInterrupt();
  };
  emitKeypressEvents(input);
  // A terminal that was hung up: whoever asks a question then is told, and nobody else needs to know.
  const onError = (): void => undefined;
  input.on('error', onError).on('keypress', onKeypress);
  input.setRawMode?.(true);
  input.resume();
  return {
    [Symbol.dispose]: () => {
      input.off('keypress', onKeypress);
      input.setRawMode?.(false);
      input.pause();
    },
  };
}
