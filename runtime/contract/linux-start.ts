/** Where GRUB finds the Linux boot environment on a medium. */
export const KERNEL_PATH = 'boot/vmlinuz';
export const INITRD_PATH = 'boot/initrd.img';
/** Laid over the first one where the machine reads from its network. */
export const NETWORK_INITRD_PATH = 'boot/initrd-network.img';
/** The key of those who sign the medium, laid over the others where there is one. */
export const KEY_INITRD_PATH = 'boot/initrd-key.img';
/** The keymap of the medium, laid over the others where its keyboard is not the American one. */
export const KEYBOARD_INITRD_PATH = 'boot/initrd-keyboard.img';

/** The signed chain of UEFI on a medium: shim starts GRUB, which starts the kernel. */
export const EFI_BOOT_PATHS = {
  shim: 'EFI/BOOT/BOOTX64.EFI',
  grub: 'EFI/BOOT/grubx64.efi',
  mokManager: 'EFI/BOOT/mmx64.efi',
} as const;

/** The line GRUB writes to every terminal when it hands over to the kernel starts with these words. */
export const HANDOVER_WORDS = 'Mediasmith: starting';
/** A Windows has put the boot environment onto its EFI system partition, where it is to be taken away again. */
export const STAGED_WORD = 'mediasmith.staged';

/** Where the key was not loaded, the runtime then says so, and takes no medium for one that nobody signs. */
const SIGNED_WORD = 'mediasmith.signed';
/** Where the keymap was not loaded, init then says so. */
const KEYBOARD_WORD = 'mediasmith.keyboard';
const KERNEL_OPTIONS = ['quiet', 'panic=30', 'console=ttyS0,115200', 'console=tty0'];

/** What one medium has besides the boot environment: a key that it is signed with, a keymap. */
export type MediumsOwn = { signed?: boolean; keyboard?: boolean };

/** What is loaded after the boot environment, in the order it is laid over it. */
export function ownInitrds({ signed = false, keyboard = false }: MediumsOwn): string[] {
  return [...(keyboard ? [KEYBOARD_INITRD_PATH] : []), ...(signed ? [KEY_INITRD_PATH] : [])];
}

/** The kernel's command line for a medium, as every boot loader gives it. */
export function kernelWords(
  { mediumId, signed = false, keyboard = false }: { mediumId: string } & MediumsOwn,
  sequence: string | undefined,
): string[] {
  const own = [...(signed ? [SIGNED_WORD] : []), ...(keyboard ? [KEYBOARD_WORD] : [])];
  const choice = sequence === undefined ? [] : [`mediasmith.sequence=${checkedWord(sequence)}`];
  return [...KERNEL_OPTIONS, `mediasmith.medium=${checkedWord(mediumId)}`, ...own, ...choice];
}

/** GRUB joins the kernel's command line from words, so an identifier must be one. */
function checkedWord(text: string): string {
  if (!/^[\w.:-]+$/.test(text)) throw new Error(`not an identifier: ${JSON.stringify(text)}`);
  return text;
}
