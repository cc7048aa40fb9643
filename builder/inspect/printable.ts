/** What moves a cursor, turns the direction of what follows, or is no character at all. */
const TREACHEROUS = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** A text of a medium as it may be shown: it cannot steer a terminal nor pretend to be another text. `[U+202E]` */
export function printable(text: string): string {
  return text.replace(
    TREACHEROUS,
    (character) => `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
  );
}
