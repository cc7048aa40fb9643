import { expect, it } from 'vitest';
import { parseLibraryList, unpackedProgram } from '../../../../builder/tools/unpacked-program.ts';

it("runs a program with its root's own loader and libraries", () => {
  expect(unpackedProgram('/r', 'usr/bin/kmod', 'depmod')).toEqual([
    '/r/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2',
    '--library-path',
    '/r/usr/lib/x86_64-linux-gnu',
    '--argv0',
    'depmod',
    '/r/usr/bin/kmod',
  ]);
});

it('reads the list of libraries, and names one that is missing', () => {
  const listing = [
    '\tlinux-vdso.so.1 (0x00007f55b6c7b000)',
    '\tlibc.so.6 => /r/usr/lib/x86_64-linux-gnu/libc.so.6 (0x00007f5656e0c000)',
    '\tlibgone.so.1 => not found',
    '',
  ].join('\n');
  expect(parseLibraryList(listing)).toEqual(['/r/usr/lib/x86_64-linux-gnu/libc.so.6', 'libgone.so.1']);
});
