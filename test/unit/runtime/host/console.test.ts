import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { askOnConsole } from '../../../../runtime/host/ask.ts';
import { listenToKeys } from '../../../../runtime/host/console.ts';
import { Terminal } from '../../../helpers/terminal.ts';

const F8 = '\x1b[19~';
const CTRL_C = '\x03';

function listen(terminal = new Terminal()) {
  const pressed: string[] = [];
  const keys = listenToKeys({
    input: terminal,
    onCommandPrompt: () => pressed.push('prompt'),
    onInterrupt: () => pressed.push('interrupt'),
  });
  return { terminal, keys, pressed };
}

it('hears F8 and Ctrl-C, and nothing in other keys', async () => {
  const { terminal, keys, pressed } = listen();
  using _ = keys;
  await terminal.type('c8');
  expect(pressed).toEqual([]);
  await terminal.type(F8);
  await terminal.type(CTRL_C);
  await terminal.type(F8);
  expect(pressed).toEqual(['prompt', 'interrupt', 'prompt']);
});

it('keeps the terminal after a question, and hears F8 during it', async () => {
  const { terminal, keys, pressed } = listen();
  using _ = keys;
  const output = new PassThrough();
  const answer = askOnConsole('Which?', ['a', 'b'], { input: terminal, output });
  await terminal.type(F8);
  await terminal.type('9\r');
  await terminal.type('2\r');
  expect(await answer).toBe(1);
  expect(String(output.read())).toContain('Which?\n  1  a\n  2  b\nNumber: ');
  expect(terminal.raw).toBe(true);
  await terminal.type(F8);
  expect(pressed).toEqual(['prompt', 'prompt']);
});

it('keeps the terminal after a question that fails', async () => {
  const { terminal, keys } = listen();
  using _ = keys;
  const interrupt = new AbortController();
  const reason = new Error('interrupted');
  const options = { input: terminal, output: new PassThrough(), signal: interrupt.signal };
  const asking = askOnConsole('Which?', ['a'], options);
  interrupt.abort(reason);
  await expect(asking).rejects.toBe(reason);
  expect(terminal.raw).toBe(true);
});

it('ends a question by Ctrl-C', async () => {
  const interrupt = new AbortController();
  const reason = new Error('interrupted');
  const terminal = new Terminal();
  using _ = listenToKeys({
    input: terminal,
    onCommandPrompt: () => undefined,
    onInterrupt: () => interrupt.abort(reason),
  });
  const options = { input: terminal, output: new PassThrough(), signal: interrupt.signal };
  const asking = askOnConsole('Which?', ['a'], options);
  terminal.write(CTRL_C);
  await expect(asking).rejects.toBe(reason);
});

it('loses what is typed while no question waits', async () => {
  const { terminal, keys } = listen();
  using _ = keys;
  await terminal.type('1\r');
  const answer = askOnConsole('Which?', ['a', 'b'], { input: terminal, output: new PassThrough() });
  await terminal.type('2\r');
  expect(await answer).toBe(1);
});

it('leaves the terminal as it was', () => {
  const { terminal, keys } = listen();
  keys[Symbol.dispose]();
  expect(terminal.modes).toEqual([true, false]);
  expect(terminal.listenerCount('keypress')).toBe(0);
});

it('listens to nothing where there is no terminal', () => {
  const input = new PassThrough();
  const nothing = (): void => undefined;
  using _ = listenToKeys({ input, onCommandPrompt: nothing, onInterrupt: nothing });
  expect(input.listenerCount('keypress')).toBe(0);
});

describe('a terminal that is hung up', () => {
  const gone = new Error('EIO: i/o error, read');

  it('ends the question that waits, and each later one at once', async () => {
    const { terminal, keys } = listen();
    using _ = keys;
    const options = { input: terminal, output: new PassThrough() };
    const asking = askOnConsole('Which?', ['a', 'b'], options);
    terminal.destroy(gone);
    await expect(asking).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await expect(askOnConsole('Which?', ['a', 'b'], options)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  it('ends nothing else', async () => {
    const { terminal, keys } = listen();
    using _ = keys;
    const closed = new Promise((resolve) => terminal.once('close', resolve));
    terminal.destroy(gone);
    await closed;
    expect(terminal.errored).toBe(gone);
  });
});
