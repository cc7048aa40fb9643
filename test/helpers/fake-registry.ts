import type { RawRegistryValue, RegistryCalls, RegistryError } from '../../runtime/native/win32-registry.ts';

/** A REG_SZ, a REG_DWORD, or a value as Windows stores it. */
type FakeValue = string | number | RawRegistryValue;
/** Keys by their full path; `denied` is one that may not be read. */
export type FakeRegistryKeys = Record<string, Record<string, FakeValue> | 'denied'>;

const NOT_FOUND: RegistryError = { error: 2 };
const DENIED: RegistryError = { error: 5 };
const TYPES = { text: 1, number: 4 };

/** The registry over plain data; every part of a key's path is a key as well. Names in any case. */
export function fakeRegistry(keys: FakeRegistryKeys): RegistryCalls {
  const known = new Map(Object.entries(keys).map(([key, values]) => [key.toLowerCase(), { key, values }]));
  const below = (parent: string): string[] => {
    const start = `${parent.toLowerCase()}\\`;
    const paths = [...known].filter(([path]) => path.startsWith(start));
    return [...new Set(paths.map(([, { key }]) => key.slice(start.length).split('\\')[0] ?? ''))];
  };
  const open = (key: string): Record<string, FakeValue> | RegistryError => {
    const values = known.get(key.toLowerCase())?.values;
    if (values === 'denied') return DENIED;
    return values ?? (below(key).length > 0 ? {} : NOT_FOUND);
  };
  const withKey = <T>(key: string, deed: (values: Record<string, FakeValue>) => T): T | RegistryError => {
    const opened = open(key);
    return opened === DENIED || opened === NOT_FOUND
      ? (opened as RegistryError)
      : deed(opened as Record<string, FakeValue>);
  };
  return {
    registryKeyError: (key) => withKey(key, () => ({ error: 0 })).error,
    registryValue: (key, name) =>
      withKey(key, (values) => {
        const found = Object.entries(values).find(([candidate]) => candidate.toLowerCase() === name.toLowerCase());
        return found === undefined ? NOT_FOUND : stored(found[1]);
      }),
    registrySubkeys: (key) => withKey(key, () => ({ names: below(key) })),
    registryValueNames: (key) => withKey(key, (values) => ({ names: Object.keys(values) })),
  };
}

function stored(value: FakeValue): RawRegistryValue {
  if (typeof value === 'string') return { type: TYPES.text, data: Buffer.from(`${value}\0`, 'utf16le') };
  if (typeof value !== 'number') return value;
  const data = Buffer.alloc(4);
  data.writeUInt32LE(value);
  return { type: TYPES.number, data };
}
