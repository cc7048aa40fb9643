import { expect, it } from 'vitest';
import { copyIntoFatArgv, foldersOf } from '../../../../builder/tools/mtools.ts';

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
