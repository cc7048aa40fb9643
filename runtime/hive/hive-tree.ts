/** A registry key as plain data: what a hive writer is given. The order of `keys` does not matter, that of `values` is kept. */
export type HiveKey = {
  name: string;
  values: readonly HiveValue[];
  keys: readonly HiveKey[];
};

/** A registry value. The empty name is the key's default value. Text is stored as UTF-16LE with its terminator. */
export type HiveValue = { name: string } & HiveData;

export type HiveData =
  | { type: 'SZ' | 'EXPAND_SZ'; data: string }
  | { type: 'MULTI_SZ'; data: readonly string[] }
  | { type: 'BINARY'; data: Uint8Array }
  | { type: 'DWORD'; data: number }
  | { type: 'QWORD'; data: bigint };

/** A key from a record of its values. */
export function hiveKey(name: string, values: Record<string, HiveData> = {}, keys: readonly HiveKey[] = []): HiveKey {
  return { name, values: Object.entries(values).map(([valueName, data]) => ({ name: valueName, ...data })), keys };
}

/** A tree from paths with backslashes: `Microsoft\Windows NT` makes both keys. A path named twice is one key. */
export function hiveFromPaths(name: string, paths: Record<string, Record<string, HiveData>>): HiveKey {
  const here: Record<string, HiveData> = {};
  const below = new Map<string, Record<string, Record<string, HiveData>>>();
  for (const [path, values] of Object.entries(paths)) {
    if (path === '') Object.assign(here, values);
    else {
      const [first = '', ...rest] = path.split('\\');
      const branch = below.get(first) ?? {};
      branch[rest.join('\\')] = values;
      below.set(first, branch);
    }
  }
  return hiveKey(
    name,
    here,
    [...below].map(([child, branch]) => hiveFromPaths(child, branch)),
  );
}
