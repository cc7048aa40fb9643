import { expect, it } from 'vitest';
import { copyIntoFatArgv, copyOutOfFatArgv, foldersOf, listFatArgv } from '../../../../builder/tools/mtools.ts';

it('makes the outer folder before the inner, each once', () => {
  expect(foldersOf(['EFI/BOOT/a', 'EFI/BOOT/b', 'boot/grub/c', 'd'])).toEqual(['EFI', 'EFI/BOOT', 'boot', 'boot/grub']);
});

it('names the path inside the volume', () => {
  expect(copyIntoFatArgv('/w/efi.img', '/r/shim', 'EFI/BOOT/BOOTX64.EFI')).toEqual([
    'mcopy',
    '-i',
    '/w/efi.img',
    '/r/shim',
    '::/EFI/BOOT/BOOTX64.EFI',
  ]);
});

it('reads by the path inside the volume, and never asks before it overwrites', () => {
  expect(listFatArgv('/w/efisys.bin', 'EFI/BOOT')).toEqual(['mdir', '-i', '/w/efisys.bin', '-b', '-/', '::/EFI/BOOT']);
  expect(copyOutOfFatArgv('/w/efisys.bin', 'EFI/BOOT/BOOTX64.EFI', '/w/0.efi')).toEqual([
    'mcopy',
    '-n',
    '-i',
    '/w/efisys.bin',
    '::/EFI/BOOT/BOOTX64.EFI',
    '/w/0.efi',
  ]);
});
