const GUID = /^\{?([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\}?$/i;

/**
 * The 16 bytes of a GUID as Windows, GPT and BCD store it: the first three fields little-endian, the rest as written.
 * Takes it with or without braces; throws an ordinary Error for anything else.
 */
export function guidBytes(guid: string): Uint8Array {
  const match = GUID.exec(guid);
  if (match === null) throw new Error(`not a GUID: ${guid}`);
  const [first = '', second = '', third = '', ...rest] = match.slice(1);
  return Uint8Array.from([
    ...hexBytes(first).reverse(),
    ...hexBytes(second).reverse(),
    ...hexBytes(third).reverse(),
    ...hexBytes(rest.join('')),
  ]);
}

/** The text of a GUID from its 16 bytes, in capitals and without braces: the inverse of {@link guidBytes}. */
export function guidText(bytes: Uint8Array): string {
  const part = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString('hex');
  const swapped = (from: number, to: number): string => Buffer.from(bytes.slice(from, to).reverse()).toString('hex');
  return [swapped(0, 4), swapped(4, 6), swapped(6, 8), part(8, 10), part(10, 16)].join('-').toUpperCase();
}

/** A GUID the way the boot configuration names an object: lower case, in braces. */
export function bracedGuid(guid: string): string {
  if (!GUID.test(guid)) throw new Error(`not a GUID: ${guid}`);
  return `{${guid.toLowerCase().replace(/[{}]/g, '')}}`;
}

function hexBytes(hex: string): number[] {
  return hex.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
}
