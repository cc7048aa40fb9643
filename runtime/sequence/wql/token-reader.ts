import { type Token, tokenize } from './tokens.ts';
import { WqlError } from './wql-error.ts';

export type Name = { text: string; column: number };

const KEYWORDS = ['SELECT', 'FROM', 'WHERE', 'AND', 'OR', 'NOT', 'LIKE', 'IS', 'NULL', 'TRUE', 'FALSE'];

/** Goes through the tokens of a query, one ahead. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(query: string) {
    this.#tokens = tokenize(query);
  }

  peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '', column: 1 };
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.#at += 1;
    return token;
  }

  tryWord(word: string): boolean {
    const found = isWord(this.peek(), word);
    if (found) this.next();
    return found;
  }

  trySymbol(symbol: string): boolean {
    const { kind, text } = this.peek();
    const found = kind === 'symbol' && text === symbol;
    if (found) this.next();
    return found;
  }

  takeWord(word: string): void {
    if (!this.tryWord(word)) throw expected(word, this.peek());
  }

  name(what: string): Name {
    const token = this.next();
    if (token.kind !== 'word' || isWord(token, ...KEYWORDS)) throw expected(what, token);
    return { text: token.text, column: token.column };
  }
}

/** Whether it is one of these words, without regard to case. */
export function isWord(token: Token, ...words: string[]): boolean {
  return token.kind === 'word' && words.some((word) => token.text.toUpperCase() === word.toUpperCase());
}

export function expected(what: string, found: Token, orElse = ''): WqlError {
  const instead = found.kind === 'end' ? 'the query ends' : `there is ${found.text}`;
  return new WqlError(`${[what, orElse].filter(Boolean).join(' ')} is expected, and ${instead}`, found.column);
}
