import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { askOnConsole, type Choice, consoleAsk } from '../../../../runtime/host/ask.ts';
import { menuPages } from '../../../../runtime/host/console-menu.ts';
import { Terminal } from '../../../helpers/terminal.ts';

afterEach(() => vi.useRealTimers());

function console(signal?: AbortSignal) {
  const terminal = new Terminal();
  const output = new PassThrough();
  let seen = '';
  output.on('data', (chunk) => {
    seen += chunk;
  });
  const ask = consoleAsk({ input: terminal, output, ...(signal !== undefined && { signal }) });
  return { terminal, ask, output, seen: () => seen };
}

describe('a menu', () => {
  const choices: Choice[] = [
    { name: 'Install Windows 11', details: `Erases the disk. ${'All standard software is installed. '.repeat(3)}` },
    { name: 'Upgrade', refused: 'it is started in the running Windows, by mediasmith.exe on the medium' },
    { name: 'Größe 日本' },
  ];

  it('numbers what can be picked, and says why the rest cannot', () => {
    expect(menuPages('Medium: which task sequence shall run?', choices)).toMatchInlineSnapshot(`
      [
        "
      Medium: which task sequence shall run?
        1  Install Windows 11
           Erases the disk. All standard software is installed. All standard software
           is installed. All standard software is installed.
        -  Upgrade
           (it is started in the running Windows, by mediasmith.exe on the medium)
        2  Größe ??
      ",
      ]
    `);
  });

  it('takes the number of a choice, not its place', async () => {
    const { terminal, output } = console();
    const answer = askOnConsole('Which?', choices, { input: terminal, output });
    await terminal.type('2\r');
    expect(await answer).toBe(2);
  });

  it('never has more lines or columns than a console, and shows each choice once', () => {
    const many = Array.from({ length: 40 }, (_, index) => ({ name: `Sequence ${index}`, details: 'x '.repeat(120) }));
    const pages = menuPages('Which?', many);
    expect(pages.length).toBeGreaterThan(5);
    for (const page of pages) {
      const lines = `${page}Number (page 10 of 10, N: next, P: previous): `.split('\n');
      expect(lines.length).toBeLessThanOrEqual(25);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
    }
    expect(pages.join('').match(/Sequence \d+$/gm)).toHaveLength(40);
  });

  it('is turned by N and P, in a circle', async () => {
    const { terminal, seen, output } = console();
    const many = Array.from({ length: 60 }, (_, index) => `Sequence ${index + 1}`);
    const answer = askOnConsole('Which?', many, { input: terminal, output });
    await terminal.type('n\r');
    await terminal.type('N\r');
    await terminal.type('n\r');
    await terminal.type('p\r');
    await terminal.type('60\r');
    expect(await answer).toBe(59);
    expect(seen().match(/page \d of \d/g)).toEqual([
      'page 1 of 3',
      'page 2 of 3',
      'page 3 of 3',
      'page 1 of 3',
      'page 3 of 3',
    ]);
  });

  it.each(['', '0', '-1', '1.5', '4', 'x', '1 2'])('asks again after "%s"', async (typed) => {
    const { terminal, output, seen } = console();
    const answer = askOnConsole('Which?', ['a', 'b', 'c'], { input: terminal, output });
    await terminal.type(`${typed}\r`);
    await terminal.type('3\r');
    expect(await answer).toBe(2);
    expect(seen().match(/Which\?/g)).toHaveLength(2);
  });

  it('has one that Enter alone picks', async () => {
    const { terminal, output, seen } = console();
    const answer = askOnConsole('Which?', choices, { input: terminal, output, preferred: 2 });
    await terminal.type('\r');
    expect(await answer).toBe(2);
    expect(seen()).toContain('Number (Enter: 2): ');
  });
});

describe('a line', () => {
  it('is shown as it is typed, and can be mended', async () => {
    const { terminal, ask, seen } = console();
    const answer = ask.text('Value of the variable Site');
    await terminal.type('Be');
    await terminal.type('x');
    await terminal.type('\x7f');
    await terminal.type('rlin\r');
    expect(await answer).toBe('Berlin');
    expect(seen()).toBe('\r\x1b[K\nValue of the variable Site: Bex\b \brlin\n');
  });

  it('that is secret is shown as asterisks, each as it is typed', async () => {
    const { terminal, ask, seen } = console();
    const answer = ask.text('Value of the variable Password', { secret: true });
    await terminal.type('correct');
    await terminal.type('\x7f\x7f!\r');
    expect(await answer).toBe('corre!');
    expect(seen()).toBe('\r\x1b[K\nValue of the variable Password: *******\b \b\b \b*\n');
  });

  it('has letters of every language, each of them one, also where its bytes come one by one', async () => {
    const { terminal, ask, seen } = console();
    const answer = ask.text('Password', { secret: true });
    for (const byte of Buffer.from('zü')) terminal.write(Buffer.of(byte));
    await terminal.type('łЖ€x');
    await terminal.type('\x7f\x7f');
    await terminal.type('ß\r');
    expect(await answer).toBe('züłЖß');
    expect(seen()).toBe('\r\x1b[K\nPassword: ******\b \b\b \b*\n');
  });

  it('is in the form NFC, and an accent that comes after its letter is no letter of its own', async () => {
    const { terminal, ask, seen } = console();
    const answer = ask.text('Name');
    await terminal.type('u\u0308a\u0301x\u0301');
    await terminal.type('\x7f\x7f');
    await terminal.type('o\r');
    expect(await answer).toBe('üo');
    expect(seen()).toBe('\r\x1b[K\nName: u\büa\báx\bx\b \b\b \bo\n');
  });

  it.runIf(process.platform === 'linux')('shows the letters of European languages', async () => {
    const { terminal, ask, seen } = console();
    const answer = ask.text('Name');
    await terminal.type('Łódź Ж Ω €日\r');
    expect(await answer).toBe('Łódź Ж Ω €日');
    expect(seen()).toContain('Name: Łódź Ж Ω €?\n');
  });

  it('leaves out keys that are no characters', async () => {
    const { terminal, ask } = console();
    const answer = ask.text('Name');
    await terminal.type('a\x1b[A\x1b[19~\x01b\r');
    expect(await answer).toBe('ab');
  });

  it('puts a terminal that did not give each key back as it was', async () => {
    const { terminal, ask } = console();
    const answer = ask.text('Name');
    await terminal.type('a\r');
    await answer;
    expect(terminal.modes).toEqual([true, false]);
  });

  it('ends by Ctrl-C as the signal does where nobody else listens to the terminal', async () => {
    const interrupt = new AbortController();
    const reason = new Error('interrupted');
    const onSignal = () => interrupt.abort(reason);
    process.on('SIGINT', onSignal);
    onTestFinished(() => void process.off('SIGINT', onSignal));
    const { terminal, ask } = console(interrupt.signal);
    const answer = ask.text('Name');
    terminal.write('\x03');
    await expect(answer).rejects.toBe(reason);
  });

  it('is an error where the input has ended', async () => {
    const { terminal, ask } = console();
    const answer = ask.text('Name');
    terminal.end();
    await expect(answer).rejects.toMatchObject({ code: 'INTERRUPTED' });
    await expect(ask.text('Name')).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});

describe('a key', () => {
  const COUNTDOWN = { seconds: 3, what: 'The machine restarts' };

  it('answers in either case; others do not', async () => {
    const { terminal, ask, seen } = console();
    const answer = ask.key('It has failed.', ['R', 'S', 'D']);
    await terminal.type('x');
    await terminal.type('s');
    expect(await answer).toBe('S');
    expect(seen()).toContain('\nIt has failed.\n');
    expect(seen()).toContain('Press R, S or D: ');
  });

  it('counts down, and has no answer at the end', async () => {
    vi.useFakeTimers();
    const { ask, seen } = console();
    const answer = ask.key('It has failed.', ['R', 'S'], COUNTDOWN);
    await vi.advanceTimersByTimeAsync(2999);
    expect(seen().match(/restarts in \d s/g)).toEqual(['restarts in 3 s', 'restarts in 2 s', 'restarts in 1 s']);
    await vi.advanceTimersByTimeAsync(1);
    expect(await answer).toBeUndefined();
  });

  it('of any kind stops the countdown', async () => {
    vi.useFakeTimers();
    const { terminal, ask, seen } = console();
    const answer = ask.key('It has failed.', ['R', 'S'], COUNTDOWN);
    terminal.write('x');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(seen()).toContain('Press R or S: ');
    terminal.write('r');
    await vi.advanceTimersByTimeAsync(1);
    expect(await answer).toBe('R');
  });

  it('has what is counted down happen at once where no other stops it', async () => {
    vi.useFakeTimers();
    const { terminal, ask, seen } = console();
    const answer = ask.key('Save your work.', ['ENTER'], { ...COUNTDOWN, goesOn: true });
    terminal.write('x');
    await vi.advanceTimersByTimeAsync(1000);
    expect(seen()).toContain('The machine restarts in 2 s; ENTER: at once. ');
    expect(seen()).not.toContain('Press');
    terminal.write('\r');
    await vi.advanceTimersByTimeAsync(1);
    expect(await answer).toBe('ENTER');
  });

  it('is not waited for after an interruption', async () => {
    const interrupt = new AbortController();
    const reason = new Error('interrupted');
    const { ask } = console(interrupt.signal);
    const answer = ask.key('It has failed.', ['R', 'S'], COUNTDOWN);
    interrupt.abort(reason);
    await expect(answer).rejects.toBe(reason);
  });
});
