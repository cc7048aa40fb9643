export type InfEncoding = 'utf-16le' | 'utf-16be' | 'utf-8' | 'windows-1252';

/** The text of an INF, and how it was encoded. */
export type DecodedInf = { text: string; encoding: InfEncoding };

/** An old editor's end of file: what follows is no text. */
const CTRL_Z = '\u001a';

/**
 * Decodes an INF: Unicode with a byte order mark, UTF-8, or else the ANSI code page of Western Europe. Another code page
 * of its author gives wrong letters in strings, but never in anything Windows compares: identifiers are ASCII.
 */
export function decodeInf(bytes: Uint8Array): DecodedInf {
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding).decode(bytes);
  const end = text.indexOf(CTRL_Z);
  return { text: end < 0 ? text : text.slice(0, end), encoding };
}

function encodingOf(bytes: Uint8Array): InfEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}
