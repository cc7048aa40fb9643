export type StoredName = { bytes: Uint8Array; compressed: boolean };

/** A name as a cell holds it: one byte per character where every character fits one ("compressed"), UTF-16LE otherwise. */
export function storedName(name: string): StoredName {
  const compressed = [...name].every((character) => character.charCodeAt(0) <= 0xff);
  return { bytes: Buffer.from(name, compressed ? 'latin1' : 'utf16le'), compressed };
}

const LONGEST_KEY_NAME = 255;

/** Throws an ordinary Error for a key name that Windows could not open. */
export function checkKeyName(name: string): void {
  if (name === '' || name.length > LONGEST_KEY_NAME || name.includes('\\')) {
    throw new Error(`not a name for a registry key: "${name}"`);
  }
}

/** The order of subkeys: UTF-16 units of the upper-cased names. Windows finds a key by bisection, so it must be exact. */
export function compareNames(a: string, b: string): number {
  const upperA = upperCased(a);
  const upperB = upperCased(b);
  if (upperA === upperB) return 0;
  return upperA < upperB ? -1 : 1;
}

/** The hash of an `lh` list. */
export function nameHash(name: string): number {
  let hash = 0;
  const upper = upperCased(name);
  for (let at = 0; at < upper.length; at++) hash = (Math.imul(hash, 37) + upper.charCodeAt(at)) >>> 0;
  return hash;
}

/** The hint of an `lf` list: the first four characters, or zeros from the first that is not a single byte. */
export function nameHint(name: string): Uint8Array {
  const hint = new Uint8Array(4);
  for (let at = 0; at < Math.min(4, name.length); at++) {
    const unit = name.charCodeAt(at);
    if (unit > 0xff) return new Uint8Array(4);
    hint[at] = unit;
  }
  return hint;
}

/** Unit by unit as Windows does it: a character whose capital is longer than itself (ß) stays as it is. */
function upperCased(name: string): string {
  let upper = '';
  for (let at = 0; at < name.length; at++) {
    const unit = name.charAt(at);
    const capital = unit.toUpperCase();
    upper += capital.length === 1 ? capital : unit;
  }
  return upper;
}
