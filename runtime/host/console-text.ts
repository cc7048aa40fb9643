/** One less than a console has: where a line reaches the last column, some begin another. */
export const CONSOLE_WIDTH = 79;
/** The lines of a console, less the one that a person types into. */
export const CONSOLE_LINES = 24;
/** Back to the start of the line, and nothing left on it. */
export const CLEAR_LINE = '\r\x1b[K';

/** What a raster font has everywhere. */
const WESTERN = '\\x20-\\x7e\\u00a1-\\u00ac\\u00ae-\\u00ff';
/** What the font of the Linux boot environment has besides: every letter of the European languages. */
const EUROPEAN = [
  ...[
    '\\u0100-\\u0113',
    '\\u0116-\\u0127',
    '\\u012a\\u012b\\u012e-\\u0131\\u0134-\\u0137',
    '\\u0139-\\u013e\\u0141-\\u0148',
  ],
  ...['\\u014c\\u014d', '\\u0150-\\u0165\\u016a-\\u017e', '\\u0218-\\u021b'],
  ...['\\u0386\\u0388-\\u038a\\u038c\\u038e-\\u03a1\\u03a3-\\u03ce', '\\u0400-\\u045f\\u0490\\u0491'],
  ...['\\u2013\\u2014', '\\u2018-\\u201a\\u201c-\\u201e', '\\u20ac'],
].join('');
const UNSHOWN = new RegExp(`[^${WESTERN}${process.platform === 'linux' ? EUROPEAN : ''}]`, 'gu');

/** What the console shows, each letter one column wide; a question mark stands for the others. */
export function plainText(text: string): string {
  return text.replace(/\s/g, ' ').replace(UNSHOWN, '?');
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
