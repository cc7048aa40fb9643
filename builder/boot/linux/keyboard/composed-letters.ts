import type { TypedKeys } from './typed-keys.ts';

/** An accent and what is typed after it, and what comes of both. */
export type ComposedLetter = { accent: string; base: string; result: string };

/** Accents by the character the kernel knows them by: as Unicode combines them, and alone. */
const ACCENTS: Readonly<Record<string, { combining: string; alone?: string }>> = {
  '`': { combining: '\u0300' },
  "'": { combining: '\u0301', alone: '´' },
  '^': { combining: '\u0302' },
  '~': { combining: '\u0303' },
  '"': { combining: '\u0308', alone: '¨' },
  ',': { combining: '\u0327', alone: '¸' },
  _: { combining: '\u0304', alone: '¯' },
  U: { combining: '\u0306', alone: '˘' },
  '.': { combining: '\u0307', alone: '˙' },
  '*': { combining: '\u030a', alone: '˚' },
  '=': { combining: '\u030b', alone: '˝' },
  c: { combining: '\u030c', alone: 'ˇ' },
  k: { combining: '\u0328', alone: '˛' },
  '!': { combining: '\u0323' },
  '?': { combining: '\u0309' },
  '+': { combining: '\u031b' },
  ':': { combining: '\u030f' },
  n: { combining: '\u0311' },
  ';': { combining: '\u0326' },
};
/** What Unicode does not take apart. */
const STROKE = '-';
const WITH_STROKE: Readonly<Record<string, string>> = {
  ...{ b: 'ƀ', d: 'đ', h: 'ħ', l: 'ł', o: 'ø', t: 'ŧ' },
  ...{ B: 'Ƀ', D: 'Đ', H: 'Ħ', L: 'Ł', O: 'Ø', T: 'Ŧ' },
};
/** One less than the kernel has room for: it refuses a full table. */
const MOST = 255;

/**
 * Pure: the letters that a layout's dead keys make of its other keys, the common ones first. Followed by a space an accent
 * stands alone; where the American sign for it has no key of its own it is that, as with Windows.
 */
export function composedLetters({ letters, accents }: TypedKeys): ComposedLetter[] {
  const composed = [...accents].flatMap((accent) => [
    ...[...letters].flatMap((base) => {
      const result = accent === STROKE ? WITH_STROKE[base] : withAccent(base, ACCENTS[accent]?.combining);
      return result === undefined ? [] : [{ accent, base, result }];
    }),
    ...alone(accent, letters),
  ]);
  const order = ({ accent, base, result }: ComposedLetter): string =>
    `${result.codePointAt(0)?.toString(16).padStart(6, '0')} ${accent}${base}`;
  return composed.sort((a, b) => (order(a) < order(b) ? -1 : 1)).slice(0, MOST);
}

function withAccent(base: string, combining: string | undefined): string | undefined {
  if (combining === undefined || !/^\p{L}$/u.test(base)) return undefined;
  const result = `${base}${combining}`.normalize('NFC');
  return [...result].length === 1 ? result : undefined;
}

function alone(accent: string, letters: ReadonlySet<string>): ComposedLetter[] {
  const sign = ACCENTS[accent]?.alone;
  if (sign === undefined) return [];
  const american = /['"]/.test(accent) && !letters.has(accent);
  return [
    { accent, base: ' ', result: american ? accent : sign },
    { accent, base: accent, result: sign },
  ];
}

/** As loadkeys reads it. */
export function composeLines(composed: readonly ComposedLetter[]): string {
  return composed
    .map(({ accent, base, result }) => `compose ${unicode(accent)} ${unicode(base)} to ${unicode(result)}\n`)
    .join('');
}

function unicode(letter: string): string {
  return `U+${letter.codePointAt(0)?.toString(16).padStart(4, '0')}`;
}
