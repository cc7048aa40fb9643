/** One less than a console has: where a line reaches the last column, some begin another. */
export const CONSOLE_WIDTH = 79;
/** The lines of a console, less the one that a person types into. */
export const CONSOLE_LINES = 24;
/** Back to the start of the line, and nothing left on it. */
export const CLEAR_LINE = '\r\x1b[K';

/** What every console shows one column wide, also with a raster font. */
export function plainText(text: string): string {
  return text.replace(/\s/g, ' ').replace(/[^\x20-\x7e\u00a1-\u00ac\u00ae-\u00ff]/gu, '?');
}

/** Text as lines that no console breaks, each with its end. */
export function consoleLines(text: string): string {
  return brokenLines(text, CONSOLE_WIDTH)
    .map((line) => `${line}\n`)
    .join('');
}

/** Text behind a label of one width on its first line, without their ends: the others stand below the text. */
export function labelledLines(label: string, text: string): string[] {
  const lines = brokenLines(text, CONSOLE_WIDTH - label.length);
  return lines.map((line, index) => `${index === 0 ? label : ' '.repeat(label.length)}${line}`.trimEnd());
}

/** Up to the last space that fits, or through a word that is longer than a line. */
function brokenLines(text: string, width: number): string[] {
  const breaks = new RegExp(`.{1,${width}}(?= |$) ?|.{1,${width}}`, 'g');
  return text.split(/\r?\n/).flatMap(
    (line) =>
      plainText(line)
        .match(breaks)
        ?.map((part) => part.trimEnd()) ?? [''],
  );
}
