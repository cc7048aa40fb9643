import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { askOnConsole } from '../../../../runtime/host/ask.ts';
import { type Keys, listenToKeys } from '../../../../runtime/host/console.ts';

const F8 = '\x1b[19~';
const CTRL_C = '\x03';

/** A terminal's input: keys are typed into it, and it notes whether it gives each of them. */
class Terminal extends PassThrough {
  readonly isTTY = true;
  readonly modes: boolean[] = [];
  setRawMode(raw: boolean): this {
    this.modes.push(raw);
    return this;
  }
  get raw(): boolean {
    return this.modes.at(-1) === true && !this.isPaused();
  }
}

type Listening = { terminal: Terminal; keys: Keys; pressed: string[]; type: (keys: string) => Promise<void> };

function listen(terminal = new Terminal()): Listening {
  const pressed: string[] = [];
  const keys = listenToKeys({
    input: terminal,
    onCommandPrompt: () => pressed.push('prompt'),
    onInterrupt: () => pressed.push('interrupt'),
  });
  const type = async (text: string): Promise<void> => {
    const arrived = once(terminal, 'data');
    terminal.write(text);
    await arrived;
  };
  return { terminal, keys, pressed, type };
}

it('hears F8 and Ctrl-C, and nothing in other keys', async () => {
  const { keys, pressed, type } = listen();
  using _ = keys;
  await type('c8');
  expect(pressed).toEqual([]);
  await type(F8);
  await type(CTRL_C);
  await type(F8);
  expect(pressed).toEqual(['prompt', 'interrupt', 'prompt']);
});

it('takes the terminal back after a question, and hears F8 during it', async () => {
  const { terminal, keys, pressed, type } = listen();
  using _ = keys;
  const output = new PassThrough();
  const answer = keys.asking(() => askOnConsole('Which?', ['a', 'b'], { input: terminal, output }));
  await type(F8);
  await type('9\r');
  await type('2\r');
  expect(await answer).toBe(1);
  expect(String(output.read())).toContain('Which?\n  1  a\n  2  b\nNumber: ');
  expect(terminal.raw).toBe(true);
  await type(F8);
  expect(pressed).toEqual(['prompt', 'prompt']);
});

it('takes the terminal back after a question that fails', async () => {
  const { terminal, keys } = listen();
  using _ = keys;
  const interrupt = new AbortController();
  const reason = new Error('interrupted');
  const asking = keys.asking(() =>
    askOnConsole('Which?', ['a'], { input: terminal, output: new PassThrough(), signal: interrupt.signal }),
  );
  interrupt.abort(reason);
  await expect(asking).rejects.toBe(reason);
  expect(terminal.raw).toBe(true);
});

it('ends a question by Ctrl-C', async () => {
  const interrupt = new AbortController();
  const reason = new Error('interrupted');
  const terminal = new Terminal();
  using keys = listenToKeys({
    input: terminal,
    onCommandPrompt: () => undefined,
    onInterrupt: () => interrupt.abort(reason),
  });
  const { signal } = interrupt;
  const asking = keys.asking(() =>
    askOnConsole('Which?', ['a'], { input: terminal, output: new PassThrough(), signal }),
  );
  terminal.write(CTRL_C);
  await expect(asking).rejects.toBe(reason);
});

it('leaves the terminal as it was', () => {
  const { terminal, keys } = listen();
  keys[Symbol.dispose]();
  expect(terminal.modes).toEqual([true, false]);
  expect(terminal.listenerCount('keypress')).toBe(0);
});

it.each([undefined, new PassThrough()])('asks all the same where there is no terminal', async (input) => {
  const nothing = (): void => undefined;
  using keys = listenToKeys({ input, onCommandPrompt: nothing, onInterrupt: nothing });
  expect(await keys.asking(async () => 7)).toBe(7);
  expect(input?.listenerCount('keypress') ?? 0).toBe(0);
});
