import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import type { Argv } from '../../runtime/host/exec.ts';
import type { Room } from './wine-room.ts';

export type TerminalSize = { columns: number; rows: number };

/** A program at a terminal: what a person types and what they see. */
export type Terminal = {
  /** Types keys, as a terminal sends them: `\r` is Enter, `\x1b[A` the arrow up. */
  type(keys: string): void;
  /** Resolves when what the program has written behind the last match matches; without control sequences. */
  sees(pattern: RegExp, timeoutSeconds?: number): Promise<void>;
  /** Everything the program has written, control sequences and all. */
  output(): string;
  /** Resolves to the exit code. */
  end: Promise<number>;
};

/** `script` lends the terminal: it types what comes in and passes on what is shown. */
export function openTerminal(
  room: Room,
  inside: Argv,
  { columns = 80, rows = 25 }: Partial<TerminalSize>,
  environment: Readonly<Record<string, string>> = {},
): Terminal {
  const command = `stty rows ${rows} cols ${columns}; exec ${inside.map(quoted).join(' ')}`;
  const [program, ...rest] = room.argv(
    ['script', '--quiet', '--flush', '--return', '--command', command, '/dev/null'],
    { TERM: 'xterm-256color', SHELL: '/bin/sh', ...environment },
  );
  const child = spawn(program, rest);
  let written = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
  });
  const end = once(child, 'close').then(([code]: unknown[]) => (typeof code === 'number' ? code : -1));
  return {
    type: (keys) => void child.stdin.write(keys),
    async sees(pattern, timeoutSeconds = 30) {
      const signal = AbortSignal.timeout(timeoutSeconds * 1000);
      for (;;) {
        const news = stripVTControlCharacters(written).slice(seen);
        const found = pattern.exec(news);
        if (found !== null) {
          seen += found.index + found[0].length;
          return;
        }
        const why = await nextOutput(child, signal);
        if (why !== undefined) throw new Error(`${pattern} was not seen (${why}), but: ${JSON.stringify(news)}`);
      }
    },
    output: () => written,
    end,
  };
}

/** Waits for more output; resolves to the reason when there will be none. */
async function nextOutput(child: ChildProcessWithoutNullStreams, signal: AbortSignal): Promise<string | undefined> {
  if (child.stdout.readableEnded) return 'it has ended';
  const none = new AbortController();
  const either = AbortSignal.any([signal, none.signal]);
  const ended = once(child.stdout, 'end', { signal: either }).then(() => 'it has ended');
  const more = once(child.stdout, 'data', { signal: either }).then(() => undefined);
  try {
    return await Promise.race([more, ended]);
  } catch {
    return 'not in time';
  } finally {
    none.abort();
    await Promise.allSettled([more, ended]);
  }
}

/** One word to a shell, whatever is in it: `script` takes no argv. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
