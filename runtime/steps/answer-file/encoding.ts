/** The text of an XML file by its byte order mark, else by what it says of itself, else as UTF-8. Pure. */
export function decodeXml(data: Uint8Array): string {
  return new TextDecoder(encodingOf(data)).decode(data);
}

const LONGEST_DECLARATION = 200;

function encodingOf(data: Uint8Array): string {
  if (data[0] === 0xff && data[1] === 0xfe) return 'utf-16le';
  if (data[0] === 0xfe && data[1] === 0xff) return 'utf-16be';
  const start = Buffer.from(data.subarray(0, LONGEST_DECLARATION)).toString('latin1');
  const named = /^<\?xml[^>]*\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(start)?.[1] ?? 'utf-8';
  // A file that can be read as bytes here is none of UTF-16, whatever it says.
  return isKnown(named) && !/^utf-?16/i.test(named) ? named : 'utf-8';
}

function isKnown(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}
