import { expect, test } from 'vitest';
import { exportHiveArgv, mergeIntoHiveArgv, registryValue } from '../../../../builder/tools/hivexregedit.ts';

test('a key is exported by its path from the root; what is merged comes from standard input', () => {
  expect(exportHiveArgv('/w/SYSTEM', '')).toEqual(['hivexregedit', '--export', '/w/SYSTEM', '\\']);
  expect(exportHiveArgv('/w/SYSTEM', 'Select')).toEqual(['hivexregedit', '--export', '/w/SYSTEM', '\\Select']);
  expect(mergeIntoHiveArgv('/w/SYSTEM')).toEqual(['hivexregedit', '--merge', '/w/SYSTEM']);
});

test('a value is found by the names of its key and itself in any case', () => {
  const current = { type: 'DWORD', data: 1 } as const;
  const keys = new Map([['Select', new Map([['Current', current]])]]);
  expect(registryValue(keys, 'SELECT', 'current')).toBe(current);
  expect(registryValue(keys, 'Select', 'Default')).toBeUndefined();
  expect(registryValue(keys, 'Setup', 'Current')).toBeUndefined();
});
