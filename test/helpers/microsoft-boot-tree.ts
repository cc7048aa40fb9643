import type { BootFileTree } from '../../builder/boot/winpe/boot-file-set.ts';

/** A tree of nothing but names, compared without regard to case. */
export function bootTree(name: string, paths: readonly string[]): BootFileTree {
  const lower = new Set(paths.map((path) => path.toLowerCase()));
  return {
    name,
    has: (path) => lower.has(path.toLowerCase()),
    list: (folder) => {
      const inside = paths.filter((path) => path.toLowerCase().startsWith(`${folder.toLowerCase()}/`));
      return [...new Set(inside.map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''))];
    },
  };
}

/** The boot files inside a Windows image (windows-runtime.md, section 8). */
export const IMAGE_BOOT_FILES = [
  'Windows/Boot/PCAT/bootmgr',
  'Windows/Boot/DVD/PCAT/BCD',
  'Windows/Boot/DVD/PCAT/boot.sdi',
  'Windows/Boot/DVD/PCAT/etfsboot.com',
  'Windows/Boot/DVD/PCAT/bootfix.bin',
  'Windows/Boot/DVD/EFI/BCD',
  'Windows/Boot/DVD/EFI/boot.sdi',
  'Windows/Boot/DVD/EFI/en-US/efisys.bin',
  'Windows/Boot/DVD/EFI/en-US/efisys_noprompt.bin',
  'Windows/Boot/EFI/bootmgfw.efi',
  'Windows/Boot/EFI/bootmgr.efi',
  'Windows/Boot/EFI/boot.stl',
  'Windows/Boot/Fonts/segoe_slboot.ttf',
  'Windows/Boot/Fonts/wgl4_boot.ttf',
  'Windows/Boot/PXE/bootmgr.exe',
] as const;

/** What servicing adds to it for Windows UEFI CA 2023. */
export const IMAGE_BOOT_FILES_2023 = [
  'Windows/Boot/EFI_EX/bootmgfw_EX.efi',
  'Windows/Boot/EFI_EX/bootmgr_EX.efi',
  'Windows/Boot/FONTS_EX/segoe_slboot_EX.ttf',
  'Windows/Boot/FONTS_EX/wgl4_boot_EX.ttf',
  'Windows/Boot/DVD_EX/EFI/en-US/efisys_EX.bin',
  'Windows/Boot/DVD_EX/EFI/en-US/efisys_noprompt_EX.bin',
] as const;

/** The boot files of a finished medium. */
export const MEDIA_BOOT_FILES = [
  'bootmgr',
  'bootmgr.efi',
  'boot/bcd',
  'boot/boot.sdi',
  'boot/bootfix.bin',
  'boot/etfsboot.com',
  'boot/fonts/segoe_slboot.ttf',
  'boot/fonts/wgl4_boot.ttf',
  'efi/boot/bootx64.efi',
  'efi/microsoft/boot/bcd',
  'efi/microsoft/boot/efisys.bin',
  'efi/microsoft/boot/efisys_noprompt.bin',
  'efi/microsoft/boot/fonts/segoe_slboot.ttf',
  'efi/microsoft/boot/fonts/wgl4_boot.ttf',
] as const;
