/** One less than a console has: where a line reaches the last column, some begin another. */
export const CONSOLE_WIDTH = 79;

/** Up to the last space that fits, or through a word that is longer than a line. */
const BREAKS = new RegExp(`.{1,${CONSOLE_WIDTH}}(?= |$) ?|.{1,${CONSOLE_WIDTH}}`, 'g');

/** What every console shows one column wide, also with a raster font. */
export function plainText(text: string): string {
  return text.replace(/\s/g, ' ').replace(/[^\x20-\x7e\u00a1-\u00ac\u00ae-\u00ff]/gu, '?');
}

/** Text as lines that no console breaks, each with its end. */
export function consoleLines(text: string): string {
  const lines = text.split(/\r?\n/).flatMap((line) => plainText(line).match(BREAKS) ?? ['']);
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
