import type { ImageEntry } from './image-entry.ts';
import { templateStore } from './image-hives.ts';
import { standInBootmgr } from './stand-in-bootmgr.ts';
import { standInEfi } from './stand-in-efi.ts';
import { standInText } from './stand-in-text.ts';

const LANGUAGES = ['en-US', 'de-DE', 'cs-CZ'];

/** `Windows/Boot`, from which the boot partition of an installed Windows is filled, and the loaders beside the system. */
export function bootFiles(): ImageEntry[] {
  return [
    ...EFI_PROGRAMS.map((path) => program(path, standInEfi(standInText(fileName(path))))),
    ...BIOS_PROGRAMS.map((path) => program(path, standInBootmgr(standInText(fileName(path))))),
    ...['wgl4_boot', 'segoe_slboot', 'segmono_boot', 'chs_boot'].map((name, index) =>
      filler(`Windows/Boot/Fonts/${name}.ttf`, 'noise', 40_000, index),
    ),
    ...LANGUAGES.flatMap((language, index) => [
      filler(`Windows/Boot/EFI/${language}/bootmgfw.efi.mui`, 'text', 20_000, index),
      filler(`Windows/Boot/EFI/${language}/bootmgr.efi.mui`, 'text', 20_000, index + 10),
      filler(`Windows/Boot/EFI/${language}/memtest.efi.mui`, 'text', 10_000, index + 20),
      filler(`Windows/Boot/PCAT/${language}/bootmgr.exe.mui`, 'text', 20_000, index + 30),
      filler(`Windows/Boot/PCAT/${language}/memtest.exe.mui`, 'text', 10_000, index + 40),
    ]),
    filler('Windows/Boot/Resources/bootres.dll', 'library', 60_000, 50),
    ...['EFI', 'PCAT'].flatMap((firmware) => [
      program(`Windows/Boot/DVD/${firmware}/BCD`, templateStore()),
      filler(`Windows/Boot/DVD/${firmware}/boot.sdi`, 'noise', 100_000, 60),
    ]),
    program('Windows/System32/config/BCD-Template', templateStore()),
  ];
}

const EFI_PROGRAMS = [
  'Windows/Boot/EFI/bootmgfw.efi',
  'Windows/Boot/EFI/bootmgr.efi',
  'Windows/Boot/EFI/memtest.efi',
  'Windows/Boot/EFI_EX/bootmgfw_EX.efi',
  'Windows/Boot/EFI_EX/bootmgr_EX.efi',
  'Windows/System32/winload.efi',
  'Windows/System32/winresume.efi',
];

const BIOS_PROGRAMS = [
  'Windows/Boot/PCAT/bootmgr',
  'Windows/Boot/PCAT/bootnxt',
  'Windows/Boot/PCAT/memtest.exe',
  'Windows/System32/winload.exe',
  'Windows/System32/winresume.exe',
];

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function program(path: string, bytes: Uint8Array): ImageEntry {
  return { kind: 'file', path, content: { from: 'bytes', bytes }, security: 'trusted-installer' };
}

function filler(path: string, kind: 'text' | 'noise' | 'library', size: number, seed: number): ImageEntry {
  return { kind: 'file', path, content: { from: 'filler', filler: kind, size, seed }, security: 'trusted-installer' };
}
