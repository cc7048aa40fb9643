/** More than any document a person writes. */
const MOST_CHARACTERS = 16 * 1024 ** 2;
/** Brackets in brackets; far below what overflows the stack of the parser. */
const MOST_NESTED = 1000;
/** Items of lists and mappings in braces: what a parser needs seconds for. */
const MOST_ITEMS = 500_000;
export const BOMB_HINT = 'No document of a person is like this: see what has written it.';

/** Looked at before anything is parsed: what is refused here would cost minutes or all the memory behind it. */
export function tooMuch(text: string): string | undefined {
  if (text.length > MOST_CHARACTERS) return `it is larger than ${MOST_CHARACTERS / 1024 ** 2} MB`;
  if (countOf(text, /^ *- |\{/gm) > MOST_ITEMS) return `it has more than ${MOST_ITEMS} items`;
  let depth = 0;
  for (const [bracket] of text.matchAll(/[[{\]}]/g)) {
    depth = Math.max(0, depth + (bracket === '[' || bracket === '{' ? 1 : -1));
    if (depth > MOST_NESTED) return `its parts are nested more than ${MOST_NESTED} deep`;
  }
  return undefined;
}

/** How often a global pattern occurs. */
export function countOf(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** Node's own, or one that a parser has caught and made an error of the document. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof Error && /call stack/i.test(error.message);
}
