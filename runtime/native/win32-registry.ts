import type { Koffi } from './koffi.ts';
import { bindFunctions } from './win32-library.ts';

/** A value as it is stored: Windows' number of the type (winnt.h: REG_*) and the bytes. */
export type RawRegistryValue = { type: number; data: Buffer };
/** Windows' own number for what went wrong: see {@link REGISTRY_ERRORS}. */
export type RegistryError = { error: number };

/**
 * Keys are written with their root, `HKEY_LOCAL_MACHINE\SOFTWARE\...`, and looked up in the view of 64-bit programs. What
 * cannot be answered is an error and never taken for absent: the caller decides.
 */
export type RegistryCalls = {
  /** 0 when the key can be opened. */
  registryKeyError(key: string): number;
  /** An empty name is the key's default value. */
  registryValue(key: string, name: string): RawRegistryValue | RegistryError;
  registrySubkeys(key: string): { names: string[] } | RegistryError;
  registryValueNames(key: string): { names: string[] } | RegistryError;
};

export const REGISTRY_ERRORS = { fileNotFound: 2, pathNotFound: 3, invalidName: 123, noMoreItems: 259 } as const;

/** Windows' predefined keys: 32-bit numbers, extended by their sign. */
const ROOTS: Readonly<Record<string, number>> = {
  HKEY_CLASSES_ROOT: 0x80000000 | 0,
  HKEY_CURRENT_USER: 0x80000001 | 0,
  HKEY_LOCAL_MACHINE: 0x80000002 | 0,
  HKEY_USERS: 0x80000003 | 0,
  HKEY_CURRENT_CONFIG: 0x80000005 | 0,
};
/** KEY_READ | KEY_WOW64_64KEY. */
const READ_64_BIT = 0x20019 | 0x0100;
const MORE_DATA = 234;
const KEY_NAME_CHARACTERS = 256;
const VALUE_NAME_CHARACTERS = 16 * 1024;
/** A list that does not end must not hold up a deployment. */
const MOST_NAMES = 100_000;
/** What a Windows without these functions answers. */
const NOT_IMPLEMENTED = 120;

type ListNames = 'RegEnumKeyExW' | 'RegEnumValueW';

export function registryCalls(koffi: Koffi): RegistryCalls {
  const name = '_Out_ uint8_t *name, _Inout_ uint32_t *characters';
  const advapi = bindFunctions(koffi, 'advapi32.dll', {
    RegOpenKeyExW:
      'int __stdcall RegOpenKeyExW(intptr_t root, str16 key, uint32_t options, uint32_t access, _Out_ intptr_t *opened)',
    RegQueryValueExW:
      'int __stdcall RegQueryValueExW(intptr_t key, str16 name, void *reserved, _Out_ uint32_t *type, _Out_ uint8_t *data, _Inout_ uint32_t *bytes)',
    RegEnumKeyExW: `int __stdcall RegEnumKeyExW(intptr_t key, uint32_t index, ${name}, void *reserved, void *class, void *classCharacters, void *written)`,
    RegEnumValueW: `int __stdcall RegEnumValueW(intptr_t key, uint32_t index, ${name}, void *reserved, void *type, void *data, void *bytes)`,
    RegCloseKey: 'int __stdcall RegCloseKey(intptr_t key)',
  });

  function withKey<T>(key: string, deed: (opened: number) => T | RegistryError): T | RegistryError {
    const [root = '', ...rest] = key.split('\\');
    const opened = [0];
    const parent = ROOTS[root.toUpperCase()];
    if (parent === undefined) return { error: REGISTRY_ERRORS.invalidName };
    const error = advapi.RegOpenKeyExW(parent, rest.join('\\'), 0, READ_64_BIT, opened);
    if (error !== 0) return { error: Number(error ?? NOT_IMPLEMENTED) };
    try {
      return deed(opened[0] ?? 0);
    } finally {
      advapi.RegCloseKey(opened[0]);
    }
  }

  function queryValue(key: number, name: string): RawRegistryValue | RegistryError {
    const type = [0];
    let data = Buffer.alloc(0);
    for (;;) {
      const bytes = [data.length];
      const into = data.length === 0 ? null : data;
      const error = Number(advapi.RegQueryValueExW(key, name, null, type, into, bytes));
      const [needed = 0] = bytes;
      if (error !== 0 && error !== MORE_DATA) return { error };
      // It may grow between two calls.
      if (error === 0 && needed <= data.length) return { type: type[0] ?? 0, data: data.subarray(0, needed) };
      data = Buffer.alloc(Math.max(needed, data.length * 2));
    }
  }

  function listNames(key: number, call: ListNames, characters: number): { names: string[] } | RegistryError {
    const names: string[] = [];
    const buffer = Buffer.alloc(characters * 2);
    for (let index = 0; index < MOST_NAMES; index++) {
      const length = [characters];
      const error = Number(advapi[call](key, index, buffer, length, null, null, null, null));
      if (error === REGISTRY_ERRORS.noMoreItems) break;
      if (error !== 0) return { error };
      names.push(buffer.toString('utf16le', 0, (length[0] ?? 0) * 2));
    }
    return { names };
  }

  return {
    registryKeyError: (key) => withKey(key, () => ({ error: 0 })).error,
    registryValue: (key, name) => withKey(key, (opened) => queryValue(opened, name)),
    registrySubkeys: (key) => withKey(key, (opened) => listNames(opened, 'RegEnumKeyExW', KEY_NAME_CHARACTERS)),
    registryValueNames: (key) => withKey(key, (opened) => listNames(opened, 'RegEnumValueW', VALUE_NAME_CHARACTERS)),
  };
}
