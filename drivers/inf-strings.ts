import { type InfText, infEntry, infSection } from './inf-text.ts';

/**
 * Puts the texts of [Strings] in for %tokens%, those of a language before the others where one is given (`0407`). Two
 * percent signs stand for one; a token without a text stays as it is.
 */
export function expandStrings(inf: InfText, text: string, language?: string): string {
  return text.replaceAll(/%([^%]*)%/g, (whole, token: string) => {
    if (token === '') return '%';
    return stringOf(inf, token.trim(), language) ?? whole;
  });
}

function stringOf(inf: InfText, token: string, language: string | undefined): string | undefined {
  const names = language === undefined ? ['strings'] : [`strings.${language}`, 'strings'];
  for (const name of names) {
    const entry = infEntry(infSection(inf, name), token);
    if (entry !== undefined) return entry.values[0] ?? '';
  }
  return undefined;
}
