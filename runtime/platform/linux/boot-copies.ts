import type { TargetDisk } from '../platform.ts';
import { WINDOWS_LOADER } from '../windows-loaders.ts';

/** The suffix under which a file lies in place that must not be started yet. */
export const PENDING = '.pending';
export const UEFI_LOADERS = [WINDOWS_LOADER, 'EFI/Boot/bootx64.efi'] as const;

/** What is copied out of an applied image onto the system volume: a file, or a folder with all that is in it. */
export type BootCopy = {
  kind: 'file' | 'folder';
  /** From the root of the Windows volume, in whatever case it has there. */
  from: string;
  to: string;
  /** Names in a folder that are not copied with it. */
  leaveOut?: RegExp;
  /** A loader that is left alone where another system's is in its place. */
  loader?: string;
  /** An image without it starts all the same. */
  optional?: true;
};

/** Pure: the boot files in the order in which they are copied, at bcdboot's places; the BCD store comes after them. */
export function bootCopies(style: TargetDisk['style']): BootCopy[] {
  return style === 'gpt' ? uefiCopies() : biosCopies();
}

/** Pure: the place of the BCD store on the system volume. */
export function bootStorePath(style: TargetDisk['style']): string {
  return `${bootFolder(style)}/BCD`;
}

function bootFolder(style: TargetDisk['style']): string {
  return style === 'gpt' ? 'EFI/Microsoft/Boot' : 'Boot';
}

function uefiCopies(): BootCopy[] {
  const from = 'Windows/Boot/EFI';
  return [
    { kind: 'folder', from, to: bootFolder('gpt'), leaveOut: /^bootmgfw\.efi$/i },
    ...UEFI_LOADERS.map(
      (loader): BootCopy => ({ kind: 'file', from: `${from}/bootmgfw.efi`, to: `${loader}${PENDING}`, loader }),
    ),
    ...support(bootFolder('gpt')),
  ];
}

function biosCopies(): BootCopy[] {
  const from = 'Windows/Boot/PCAT';
  return [
    { kind: 'folder', from, to: bootFolder('mbr'), leaveOut: /^(bootmgr|bootnxt)$/i },
    { kind: 'file', from: `${from}/bootmgr`, to: 'bootmgr' },
    { kind: 'file', from: `${from}/bootnxt`, to: 'BOOTNXT', optional: true },
    ...support(bootFolder('mbr')),
  ];
}

/** Fonts and pictures of the boot manager. */
function support(boot: string): BootCopy[] {
  return ['Fonts', 'Resources'].map((name) => ({
    kind: 'folder',
    from: `Windows/Boot/${name}`,
    to: `${boot}/${name}`,
    optional: true,
  }));
}
