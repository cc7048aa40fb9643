import { EFI_BOOT_PATHS, INITRD_PATH, KERNEL_PATH } from '../../../runtime/contract/linux-start.ts';
import { fromFile, fromText, type MediaTree } from '../../media-tree.ts';
import { GRUB_CONFIG_PATH } from './grub-config.ts';
import type { LinuxBootEnvironment } from './prepare.ts';

/**
 * The boot files of our Linux environment under their paths on a medium. Those of `EFI/BOOT` make a FAT32 stick bootable
 * onto which the files were merely copied.
 */
export function linuxBootTree(environment: LinuxBootEnvironment, grubConfig: string): MediaTree {
  return new Map([
    [KERNEL_PATH, fromFile(environment.kernel)],
    [INITRD_PATH, fromFile(environment.initrd)],
    [GRUB_CONFIG_PATH, fromText(grubConfig)],
    ...[...efiBootFiles(environment)].map(([path, source]) => [path, fromFile(source)] as const),
  ]);
}

/** The signed chain of UEFI: shim starts GRUB, which starts the kernel. */
export function efiBootFiles(environment: LinuxBootEnvironment): Map<string, string> {
  return new Map([
    [EFI_BOOT_PATHS.shim, environment.shim],
    [EFI_BOOT_PATHS.grub, environment.grub],
    [EFI_BOOT_PATHS.mokManager, environment.mokManager],
  ]);
}
