import { MediasmithError } from '../../../runtime/contract/errors.ts';

/** More than this winpeshl.exe does not take as one command (Winpeshl.ini Reference). */
const MOST_CHARACTERS = 250;

/**
 * A text of templates/winpe as WinPE reads it: ASCII with CRLF. The console of WinPE may have a raster font and any code
 * page. Throws `SOURCE_INVALID` for other characters.
 */
export function winpeText(text: string, where: string): string {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const at = lines.findIndex((line) => !/^[\x20-\x7e\t]*$/.test(line));
  if (at >= 0) {
    throw new MediasmithError('SOURCE_INVALID', `line ${at + 1} of ${where} has a character beyond ASCII`, {
      where,
      hint: 'Use plain letters only: Windows PE reads and shows this file in an unknown code page.',
    });
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** winpeshl.ini from its template. Throws `SOURCE_INVALID` for a command that winpeshl.exe would not run. */
export function winpeshlIni(template: string, where: string): string {
  const text = winpeText(template, where);
  const lines = text.split('\r\n');
  const at = lines.findIndex((line) => line.length > MOST_CHARACTERS);
  if (at >= 0) {
    throw new MediasmithError(
      'SOURCE_INVALID',
      `line ${at + 1} of ${where} has more than ${MOST_CHARACTERS} characters`,
      { where, hint: 'Put the command into a .cmd file and start that.' },
    );
  }
  if (!lines.some((line) => /^\[LaunchApps?\]$/i.test(line.trim()))) {
    throw new MediasmithError('SOURCE_INVALID', `${where} has no section [LaunchApps]`, {
      where,
      hint: 'Begin the file with [LaunchApps], then one command per line.',
    });
  }
  return text;
}
