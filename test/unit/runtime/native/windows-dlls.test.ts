import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { LOADED_DLLS, OPTIONAL_DLLS } from '../../../../runtime/native/windows-dlls.ts';

it('the lists have every DLL that is bound, and none that is not', async () => {
  const folder = new URL('../../../../runtime/native/', import.meta.url);
  const bound = new Set<string>();
  for (const name of await readdir(folder)) {
    const text = await readFile(new URL(name, folder), 'utf8');
    for (const [, dll = ''] of text.matchAll(/bindFunctions\(\s*koffi,\s*'([^']+)'/g)) bound.add(dll);
  }
  expect([...bound].sort()).toEqual([...LOADED_DLLS, ...Object.keys(OPTIONAL_DLLS)].sort());
});
