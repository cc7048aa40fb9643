import { emitKeypressEvents, type Key } from 'node:readline';

/** The part of a terminal that keys come from. */
export type KeyInput = NodeJS.ReadableStream & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown };

export type KeySetup = {
  /** Undefined where keys are not ours to listen to. */
  input: KeyInput | undefined;
  /** F8, as in ConfigMgr's and MDT's boot images. */
  onCommandPrompt: () => void;
  /** Ctrl-C: a terminal that gives each key as it is pressed makes no signal of it. */
  onInterrupt: () => void;
};

/** Keys while a sequence runs. A question goes through `asking`, because it takes the terminal for itself meanwhile. */
export type Keys = Disposable & { asking: <T>(question: () => Promise<T>) => Promise<T> };

/** Listens to the keys of a terminal until it is disposed of. Where the input is none, nothing is listened to. */
export function listenToKeys({ input, onCommandPrompt, onInterrupt }: KeySetup): Keys {
  if (input?.isTTY !== true) return { asking: (question) => question(), [Symbol.dispose]: () => undefined };
  const onKeypress = (_text: string | undefined, key: Key): void => {
    if (key.name === 'f8') onCommandPrompt();
    if (key.name === 'c' && key.ctrl === true) onInterrupt();
  };
  const listen = (): void => {
    input.setRawMode?.(true);
    input.resume();
  };
  emitKeypressEvents(input);
  input.on('keypress', onKeypress);
  listen();
  return {
    asking: async (question) => {
      try {
        return await question();
      } finally {
        listen();
      }
    },
    [Symbol.dispose]: () => {
      input.off('keypress', onKeypress);
      input.setRawMode?.(false);
      input.pause();
    },
  };
}
