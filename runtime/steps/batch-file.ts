import { win32 } from 'node:path';
import { MediasmithError } from '../contract/errors.ts';

export type BatchWish = {
  /** The folder it is started in; of a share cmd.exe makes a drive first. */
  folder: string;
  program: string;
  /** The part of the command line behind the program, as the program shall get it. */
  rest: string;
};

/** cmd.exe reads lines of 8191 characters; kept for what it adds. In bytes, which are never fewer. */
const MOST_BYTES = 8000;
/** A line break would end the command and begin another, and cmd.exe reads no batch file beyond Ctrl+Z. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000a-\u001f]/;

/**
 * A batch file, in UTF-8, that runs one program and ends with its exit code: -2147024891 too. What stands in quotes is
 * read by cmd.exe as it is, but for the percent sign; behind the program every character that means something to it has
 * a caret, the quotes too, so that it sees none and the program gets its arguments letter by letter. Programs that ask
 * the console for its code page write UTF-8, as those do that we start ourselves. `STEP_FAILED` for what no batch file
 * can hold.
 */
export function batchFile({ folder, program, rest }: BatchWish): string {
  const command = inQuotes(program) + (rest === '' ? '' : ` ${withCarets(rest)}`);
  checkNames(program, folder);
  for (const line of [command, folder]) checkLine(line);
  return [
    '@echo off',
    '"%SystemRoot%\\System32\\chcp.com" 65001 >nul',
    `pushd ${inQuotes(folder)} || exit 1`,
    command,
    // The whole line is read before it begins: the exit code is that of the program.
    'popd & exit %errorlevel%',
    '',
  ].join('\r\n');
}

/**
 * The arguments for cmd.exe to run a batch file of the folder it is started in: without what the machine has cmd.exe run
 * before anything, without `!name!`, with no input, and with both outputs in one file.
 */
export function batchArguments(batch: string, output: string): string {
  const [file, seen] = [batch, output].map((path) => `.\\${win32.basename(path)}`);
  return `/d /e:on /v:off /c ${file} >${seen} 2>&1 <nul`;
}

function inQuotes(text: string): string {
  return `"${text.replaceAll('%', '%%')}"`;
}

function withCarets(text: string): string {
  return text.replace(/[()^"<>&|]/g, '^$&').replaceAll('%', '%%');
}

function checkNames(...names: readonly string[]): void {
  const quoted = names.find((name) => name.includes('"'));
  if (quoted === undefined) return;
  throw new MediasmithError('STEP_FAILED', `a program or a folder has a quote in its name: ${quoted}`, {
    hint: 'Windows knows no such name. In a list the program stands without quotes.',
  });
}

function checkLine(line: string): void {
  if (CONTROL.test(line)) {
    throw new MediasmithError('STEP_FAILED', 'the command line holds a line break or another control character', {
      hint: 'A program under another account is started by a batch file: put such a text into a file of its package.',
    });
  }
  const bytes = Buffer.byteLength(line);
  if (bytes > MOST_BYTES) {
    throw new MediasmithError(
      'STEP_FAILED',
      `the command line has ${bytes} bytes, of which cmd.exe reads ${MOST_BYTES}`,
      {
        hint: 'A program under another account is started by a batch file: put what is long into a file of its package.',
      },
    );
  }
}
