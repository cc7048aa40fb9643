import { win32 } from 'node:path';

/**
 * The program and the arguments in a command line, by Windows' rules (Microsoft: "Parsing C command-line arguments"). In
 * the program's own name a backslash is never special. Undefined where there is none.
 */
export function parseCommandLine(text: string): [program: string, ...args: string[]] | undefined {
  const { program, rest } = splitProgram(text);
  return program === '' ? undefined : [program, ...parseArguments(rest)];
}

/** Arguments as the part of a command line behind the program: the opposite of {@link parseArguments}. */
export function formatArguments(args: readonly string[]): string {
  return args.map(quoteArgument).join(' ');
}

export type ProgramAndRest = {
  /** The first word as it is written, with its quotes. */
  token: string;
  program: string;
  /** Everything behind it, as it is written. */
  rest: string;
};

/** Takes the program's name off a command line. One with spaces must stand in quotes: nothing is guessed. */
export function splitProgram(text: string): ProgramAndRest {
  const line = text.trim();
  let quoted = false;
  let end = 0;
  for (; end < line.length; end++) {
    const character = line[end] ?? '';
    if (character === '"') quoted = !quoted;
    else if (!quoted && isBlank(character)) break;
  }
  const token = line.slice(0, end);
  return { token, program: token.replaceAll('"', ''), rest: line.slice(end).trim() };
}

/** How Windows has to be asked to start a program with a command line as it is written. */
export type WindowsStart = { program: string; args: string[]; argv0?: string; verbatim: boolean };

/**
 * What starts a command line. The program gets it letter by letter. A batch file is read by cmd.exe, in which a quote
 * can mean something else: its arguments are handed over one by one, so that each is quoted for cmd.exe. Undefined where
 * no such program is found.
 */
export function windowsStart(text: string, find: (program: string) => string | undefined): WindowsStart | undefined {
  const { token, program, rest } = splitProgram(text);
  const found = program === '' ? undefined : find(program);
  if (found === undefined) return undefined;
  if (isBatch(found)) return { program: found, args: parseArguments(rest), verbatim: false };
  return { program: found, args: rest === '' ? [] : [rest], argv0: token, verbatim: true };
}

const EXTENSIONS = ['.com', '.exe', '.bat', '.cmd'];

/**
 * The file that a name starts: in the working folder first, then in `folders`, as it is and with the extensions that
 * ConfigMgr tries. A file of another kind is no program: Windows starts it only through what it is associated with.
 */
export function findProgram(
  name: string,
  { folder, folders, exists }: { folder: string; folders: readonly string[]; exists: (path: string) => boolean },
): string | undefined {
  const places = /[\\/:]/.test(name) ? [folder] : [folder, ...folders];
  const isProgram = EXTENSIONS.includes(win32.extname(name).toLowerCase());
  const names = [...(isProgram ? [name] : []), ...EXTENSIONS.map((extension) => `${name}${extension}`)];
  for (const place of places) {
    for (const candidate of names) {
      const path = win32.resolve(place, candidate);
      if (exists(path)) return path;
    }
  }
  return undefined;
}

function isBatch(path: string): boolean {
  return /\.(bat|cmd)$/i.test(path);
}

/**
 * The arguments alone, by the same rules. Backslashes mean themselves but before a quote: there two are one, and an odd one makes the quote a character. Two
 * quotes in a quoted part are a quote.
 */
export function parseArguments(text: string): string[] {
  const found: string[] = [];
  let current: string | undefined;
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    const slashes = character === '\\' ? (/^\\+/.exec(text.slice(at))?.[0].length ?? 0) : 0;
    if (slashes > 0) {
      const beforeQuote = text[at + slashes] === '"';
      current = (current ?? '') + '\\'.repeat(beforeQuote ? Math.floor(slashes / 2) : slashes);
      at += slashes - 1;
      if (beforeQuote && slashes % 2 === 1) {
        current += '"';
        at += 1;
      }
    } else if (character === '"') {
      current ??= '';
      if (quoted && text[at + 1] === '"') {
        current += '"';
        at += 1;
      } else quoted = !quoted;
    } else if (!quoted && isBlank(character)) {
      if (current !== undefined) found.push(current);
      current = undefined;
    } else current = (current ?? '') + character;
  }
  if (current !== undefined) found.push(current);
  return found;
}

function quoteArgument(text: string): string {
  if (text !== '' && !/[ \t"]/.test(text)) return text;
  const escaped = text.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&');
  return `"${escaped}"`;
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t';
}
