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

/** A GUID the way the boot configuration names an object: lower case, in braces. */
export function bracedGuid(guid: string): string {
  if (!GUID.test(guid)) throw new Error(`not a GUID: ${guid}`);
  return `{${guid.toLowerCase().replace(/[{}]/g, '')}}`;
}

function hexBytes(hex: string): number[] {
  return hex.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? [];
}
