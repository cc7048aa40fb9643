import { WqlError } from './wql-error.ts';

export type Token =
  | { kind: 'word' | 'symbol' | 'end'; text: string; column: number }
  | { kind: 'string'; text: string; column: number; value: string }
  | { kind: 'number'; text: string; column: number; value: number };

/** The longest query, as ConfigMgr's class of WMI conditions has it. */
export const QUERY_CHARACTERS = 16_384;

const BLANK = /\s*/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /[+-]?(?:0x[0-9A-Fa-f]+|\d+(?:\.\d+)?(?:[Ee][+-]?\d+)?)(?![A-Za-z0-9_.])/y;
const STRING = /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/y;
const SYMBOL = /<>|<=|>=|!=|[=<>(),*.]/y;

/** A query in words. Ends with a token of kind `end`. One pass: no pattern can go back over what it has read. */
export function tokenize(query: string): Token[] {
  if (query.length > QUERY_CHARACTERS) {
    throw new WqlError(`the query has ${query.length} characters, and ${QUERY_CHARACTERS} are the most`);
  }
  const tokens: Token[] = [];
  let at = matchAt(BLANK, query, 0)?.length ?? 0;
  while (at < query.length) {
    const token = tokenAt(query, at);
    tokens.push(token);
    at += token.text.length;
    at += matchAt(BLANK, query, at)?.length ?? 0;
  }
  tokens.push({ kind: 'end', text: '', column: query.length + 1 });
  return tokens;
}

function tokenAt(query: string, at: number): Token {
  const column = at + 1;
  const word = matchAt(WORD, query, at);
  if (word !== undefined) return { kind: 'word', text: word, column };
  const string = matchAt(STRING, query, at);
  if (string !== undefined) return { kind: 'string', text: string, column, value: unescaped(string.slice(1, -1)) };
  const number = matchAt(NUMBER, query, at);
  if (number !== undefined) return { kind: 'number', text: number, column, value: numberOf(number) };
  const symbol = matchAt(SYMBOL, query, at);
  if (symbol !== undefined) return { kind: 'symbol', text: symbol, column };
  throw strange(query, at);
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** A backslash that escapes nothing stays: `'PCI\VEN_8086%'` means what its author meant. */
export function unescaped(text: string): string {
  return text.replace(/\\([\\"'])/g, '$1');
}

function numberOf(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  return sign * Number(text.replace(/^[+-]/, ''));
}

function strange(query: string, at: number): WqlError {
  const character = String.fromCodePoint(query.codePointAt(at) ?? 0);
  if (character === '"' || character === "'") {
    return new WqlError(`the text that begins with ${character} has no end`, at + 1, 'Close it with the same quote.');
  }
  if (/[‘’“”„]/.test(character)) {
    return new WqlError(`${character} is no quote of WQL`, at + 1, `Write ' or " instead.`);
  }
  if (/[0-9+-]/.test(character)) return new WqlError('this is no number', at + 1, 'Put a text between quotes.');
  return new WqlError(`"${character}" has no meaning here`, at + 1);
}
