const GUID = /^\{?([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})\}?$/i;
const PACKED = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})((?:[0-9a-f]{2}){8})$/i;

/**
 * A product or upgrade code as Windows Installer names keys of the registry by it: 32 digits, those of the first three
 * groups backwards, those of the others backwards in pairs. Throws an ordinary Error for what is no GUID. Pure.
 */
export function packCode(code: string): string {
  const match = GUID.exec(code);
  if (match === null) throw new Error(`not a GUID: ${code}`);
  const [first = '', second = '', third = '', fourth = '', fifth = ''] = match.slice(1);
  return [first, second, third]
    .map(backwards)
    .concat(pairsBackwards(fourth + fifth))
    .join('')
    .toUpperCase();
}

/** The inverse of {@link packCode}, in capitals and braces; undefined for what is none. Pure. */
export function unpackCode(packed: string): string | undefined {
  const match = PACKED.exec(packed);
  if (match === null) return undefined;
  const [first = '', second = '', third = '', rest = ''] = match.slice(1);
  const last = pairsBackwards(rest);
  const groups = [...[first, second, third].map(backwards), last.slice(0, 4), last.slice(4)];
  return `{${groups.join('-').toUpperCase()}}`;
}

const backwards = (digits: string): string => [...digits].reverse().join('');
const pairsBackwards = (digits: string): string => digits.replaceAll(/(.)(.)/g, '$2$1');
