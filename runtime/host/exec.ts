import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { MediasmithError } from '../contract/errors.ts';
import { findProgram, type WindowsStart, windowsStart } from './command-line.ts';
import { windowsRoot } from './place.ts';

export type Argv = readonly [program: string, ...args: string[]];

export type ExecOptions = {
  cwd?: string;
  env?: Record<string, string>;
  input?: string | Uint8Array;
  /** Exit codes that mean success; 0 alone unless given. */
  successCodes?: readonly number[];
  /** Texts that must not appear in an error or in what `onLine` is given. */
  secrets?: readonly string[];
  signal?: AbortSignal;
  timeoutSeconds?: number;
  /** Called for each line of either stream as it arrives. */
  onLine?: (line: string) => void;
  /**
   * The result holds no output: a program may write more than memory takes. Errors still have its last lines. Its end is
   * its end, whatever it has started that still writes.
   */
  discardOutput?: boolean;
  /** Standard output goes to this file and not into the result. */
  stdoutFile?: string;
  /**
   * What argv was parsed from: on Windows the program gets it letter by letter, because programs read their command line
   * in ways of their own. Elsewhere argv is what counts.
   */
  commandLine?: string;
  /** What errors show instead of argv, for arguments that no log may hold. */
  shown?: string;
};

export type ExecResult = { exitCode: number; stdout: string; stderr: string };

/** The one door to other programs. A platform and a test may bring their own. */
export type Exec = (argv: Argv, options?: ExecOptions) => Promise<ExecResult>;

const TAIL_LINES = 20;
/** What a program has written before its end is read in far less. */
const PIPES_MILLISECONDS = 2000;
const MASK = '********';

/**
 * Runs a program without a shell and waits for it.
 *
 * Throws `TOOL_MISSING` when it cannot be started, `INTERRUPTED` when the signal ended it, `STEP_TIMEOUT` after
 * `timeoutSeconds`, and `TOOL_FAILED` with the last lines of its output for every exit code that is not a success.
 */
export const exec: Exec = async (argv, options = {}) => {
  const { program, args, argv0, verbatim } = startOf(argv, options);
  const hide = redactor(options.secrets ?? []);
  const subprocess = execa(program, args, {
    reject: false,
    stripFinalNewline: false,
    ...(verbatim && { windowsVerbatimArguments: true }),
    ...(argv0 !== undefined && { argv0 }),
    ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.env !== undefined && { env: options.env }),
    ...(options.signal !== undefined && { cancelSignal: options.signal }),
    ...(options.timeoutSeconds !== undefined && { timeout: options.timeoutSeconds * 1000 }),
    ...(options.discardOutput === true && { buffer: false }),
    ...(options.stdoutFile !== undefined && { stdout: { file: options.stdoutFile }, buffer: { stdout: false } }),
  });
  const tail: string[] = [];
  const onLine = options.discardOutput === true ? tailed(tail, options.onLine) : options.onLine;
  if (onLine !== undefined) {
    for (const stream of [subprocess.stdout, subprocess.stderr]) followLines(stream, hide, onLine);
  }
  // A program may leave children behind that hold its pipes open: nobody waits for those.
  const { nodeChildProcess } = subprocess;
  const closePipes = (): void => {
    for (const stream of [subprocess.stdout, subprocess.stderr]) stream?.destroy();
  };
  let closing: NodeJS.Timeout | undefined;
  nodeChildProcess.once('exit', () => {
    if (nodeChildProcess.killed) closePipes();
    else if (options.discardOutput === true) closing = setTimeout(closePipes, PIPES_MILLISECONDS);
  });
  const result = await subprocess;
  clearTimeout(closing);
  const stdout = typeof result.stdout === 'string' ? result.stdout : '';
  const stderr = typeof result.stderr === 'string' ? result.stderr : '';
  const shown = hide(options.shown ?? argv.join(' '));
  const written = hide(`${stdout}\n${stderr}`).split(/[\r\n]+/);
  const lines = [...tail, ...written].filter(Boolean).slice(-TAIL_LINES);
  if (result.isCanceled) throw new MediasmithError('INTERRUPTED', `interrupted: ${shown}`);
  if (result.timedOut) {
    throw new MediasmithError('STEP_TIMEOUT', `no end after ${options.timeoutSeconds} s: ${shown}`, { lines });
  }
  if (result.exitCode === undefined && result.signal === undefined)
    throw cannotStart(argv[0], hide(String(result.cause)));
  const exitCode = result.exitCode ?? 128;
  if (!(options.successCodes ?? [0]).includes(exitCode)) {
    const end = result.signal === undefined ? `ended with exit code ${exitCode}` : `was ended by ${result.signal}`;
    throw new MediasmithError('TOOL_FAILED', `${hide(argv[0])} ${end}`, { where: shown, lines, exitCode });
  }
  return { exitCode, stdout, stderr };
};

function startOf([program, ...args]: Argv, { commandLine, cwd, env }: ExecOptions): WindowsStart {
  if (commandLine === undefined || process.platform !== 'win32') return { program, args, verbatim: false };
  const path = env?.PATH ?? process.env.PATH ?? '';
  // The search path of a WinPE cannot be relied on.
  const folders = [join(windowsRoot(), 'System32'), windowsRoot(), ...path.split(';').filter(Boolean)];
  const search = { folder: cwd ?? process.cwd(), folders, exists: existsSync };
  const start = windowsStart(commandLine, (name) => findProgram(name, search));
  if (start !== undefined) return start;
  throw new MediasmithError('TOOL_MISSING', `cannot start ${program}: no such program is found`, {
    hint: 'A name with spaces stands in quotes. A script needs its interpreter before it, an .msi file msiexec.exe /i.',
  });
}

/** Keeps the last lines, and hands each on. */
function tailed(tail: string[], onLine: ExecOptions['onLine']): (line: string) => void {
  return (line) => {
    tail.push(line);
    if (tail.length > TAIL_LINES) tail.shift();
    onLine?.(line);
  };
}

function cannotStart(program: string, reason: string): MediasmithError {
  return new MediasmithError('TOOL_MISSING', `cannot start ${program}: ${reason}`, {
    hint: 'Run "mediasmith doctor": it lists the programs that are missing and how to get them.',
  });
}

function followLines(stream: Readable | null, hide: (text: string) => string, onLine: (line: string) => void): void {
  if (stream === null) return;
  // Some programs redraw one line with a carriage return; each redraw is a line to whoever follows.
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
    for (const part of line.split('\r')) if (part !== '') onLine(hide(part));
  });
}

/** A line of a secret that has several is a secret too, unless it is as short as a bracket. */
const LEAST_LINE = 4;

/**
 * Replaces every secret in a text by asterisks, and what lies under several that overlap by one row of them. Empty
 * secrets are ignored. Of one with several lines each line counts: programs write, and logs keep, line by line.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const hidden = [...new Set(secrets.flatMap(formsOf))].filter((text) => text !== '');
  return (text) => {
    let shown = '';
    let from = 0;
    for (const [start, end] of rangesOf(hidden, text)) {
      shown += `${text.slice(from, start)}${MASK}`;
      from = end;
    }
    return shown + text.slice(from);
  };
}

function formsOf(secret: string): string[] {
  const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
  return [secret, secret.trim(), ...lines.filter((line) => lines.length > 1 && line.length >= LEAST_LINE)];
}

/** Where any of them stands, in order, none touching the next. */
function rangesOf(words: readonly string[], text: string): [start: number, end: number][] {
  const ranges: [number, number][] = [];
  for (const word of words) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) ranges.push([at, at + word.length]);
  }
  const apart: [number, number][] = [];
  for (const [start, end] of ranges.sort(([a], [b]) => a - b)) {
    const last = apart.at(-1);
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end);
    else apart.push([start, end]);
  }
  return apart;
}
