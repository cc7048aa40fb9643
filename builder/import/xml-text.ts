import { MediasmithError } from '../../runtime/contract/errors.ts';

/** The encodings a task sequence is written in; the last two are those of older editors. */
const ENCODINGS = ['utf-8', 'us-ascii', 'utf-16', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1'];

/**
 * The text of an XML document. A byte order mark decides, else the declaration, else UTF-8; a declared UTF-16 without
 * its marks is what .NET writes into files that are UTF-8.
 */
export function decodeXml(bytes: Uint8Array, where: string): string {
  const encoding = markedEncoding(bytes) ?? unmarkedUtf16(bytes) ?? declaredEncoding(bytes, where);
  let text: string;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new MediasmithError('IMPORT_INVALID', `${where} is not text in ${encoding.toUpperCase()}`, {
      where,
      hint: 'Save it as UTF-8, or name another file.',
      cause,
    });
  }
  const forbidden = /[^\P{Cc}\t\n\r\u007f-\u009f]/u.exec(text);
  if (forbidden === null) return text;
  const code = (forbidden[0].codePointAt(0) ?? 0).toString(16).padStart(4, '0').toUpperCase();
  throw new MediasmithError(
    'IMPORT_INVALID',
    `${where} is not XML: the character U+${code} at ${placeAt(text, forbidden.index)}`,
    { where, hint: 'Name a task sequence that was exported by ConfigMgr or saved by MDT.' },
  );
}

/** `line 3, column 7` of an offset. */
export function placeAt(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const lines = before.split('\n');
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

function markedEncoding([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return undefined;
}

function unmarkedUtf16([first, second]: Uint8Array): string | undefined {
  if (first === 0x3c && second === 0) return 'utf-16le';
  if (first === 0 && second === 0x3c) return 'utf-16be';
  return undefined;
}

function declaredEncoding(bytes: Uint8Array, where: string): string {
  const head = Buffer.from(bytes.subarray(0, 200)).toString('latin1');
  const declared = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']/.exec(head)?.[1]?.toLowerCase() ?? 'utf-8';
  if (!ENCODINGS.includes(declared)) {
    throw new MediasmithError('IMPORT_INVALID', `${where} is written in "${declared}", which is not read`, {
      where,
      hint: 'Save it as UTF-8.',
    });
  }
  return declared.startsWith('utf-16') ? 'utf-8' : declared;
}
