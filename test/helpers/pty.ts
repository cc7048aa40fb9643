import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { PtyScreen } from './pty-screen.ts';
import { ROOT } from './sources.ts';

export const ENTER = '\r';
export const DOWN = '\u001b[B';
export const CTRL_C = '\u0003';
export const CTRL_D = '\u0004';

const COLUMNS = 80;
const ROWS = 24;

/** The command line in a pseudo-terminal of 80 columns and 24 rows. */
export type PtyRun = {
  screen: PtyScreen;
  /** Resolves when the text stands below what was waited for before; fails when the program ends without it. */
  until(text: string): Promise<void>;
  /** The same, but what is waited for next may stand above it. */
  sees(text: string): Promise<void>;
  type(keys: string): void;
  /** {@link until}, then {@link type}. */
  answer(text: string, keys?: string): Promise<void>;
  /** Resolves with the exit code. */
  ended(): Promise<number | null>;
};

/** Starts `mediasmith` with these arguments in a pseudo-terminal that util-linux' script makes. */
export function startPty(args: readonly string[], { cwd }: { cwd: string }): PtyRun {
  const quoted = [process.execPath, `${ROOT}cli/mediasmith.mjs`, ...args].map((text) => `'${text}'`).join(' ');
  const command = `stty cols ${COLUMNS} rows ${ROWS}; exec ${quoted}`;
  const child: ChildProcess = spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], {
    cwd,
    env: { ...process.env, TERM: 'xterm', NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exit = once(child, 'close') as Promise<[number | null]>;
  onTestFinished(() => void child.kill());
  const screen = new PtyScreen(COLUMNS, ROWS);
  let mark = 0;
  let closed = false;
  let look = (): void => undefined;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    screen.write(text);
    look();
  });
  void exit.then(() => {
    closed = true;
    look();
  });

  const wait = (text: string, found: (row: number) => void): Promise<void> =>
    new Promise((resolve, reject) => {
      look = () => {
        const row = screen.lines().findIndex((line, index) => index >= mark && line.includes(text));
        if (row >= 0) {
          found(row);
          look = () => undefined;
          resolve();
        } else if (closed) reject(new Error(`"${text}" did not come:\n${screen.lines().join('\n')}`));
      };
      look();
    });
  const until = (text: string): Promise<void> =>
    wait(text, (row) => {
      mark = row + 1;
    });
  const type = (keys: string): void => void child.stdin?.write(keys);
  return {
    screen,
    until,
    sees: (text) => wait(text, () => undefined),
    type,
    answer: async (text, keys = ENTER) => {
      await until(text);
      type(keys);
    },
    ended: async () => (await exit)[0],
  };
}
