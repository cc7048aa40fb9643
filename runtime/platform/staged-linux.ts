import { readFile, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../contract/errors.ts';
import {
  EFI_BOOT_PATHS,
  HANDOVER_WORDS,
  INITRD_PATH,
  KERNEL_PATH,
  KEY_INITRD_PATH,
  KEYBOARD_INITRD_PATH,
  kernelWords,
  NETWORK_INITRD_PATH,
  ownInitrds,
  STAGED_WORD,
} from '../contract/linux-start.ts';
import type { Manifest } from '../contract/manifest.ts';

/** On an EFI system partition: everything of a Linux boot environment that a Windows has put there to start it once. */
export const STAGED_FOLDER = 'EFI/Mediasmith';
/** Shim looks for GRUB and for its key manager beside itself, by their names. */
export const STAGED_LOADER = 'shimx64.efi';
/** Where the signed GRUB looks for its configuration before anywhere else: on the partition it was started from. */
export const GRUB_ENTRANCE = 'boot/grub/grub.cfg';
const MARK = '# Mediasmith starts its boot environment from here once.';

/** A BIOS has no way to be told of a start, and Windows' boot manager starts no Linux: `READINESS_FAILED`. */
export function refuseBios(firmware: 'uefi' | 'bios' | undefined): void {
  if (firmware === 'uefi') return;
  throw new MediasmithError('READINESS_FAILED', 'a computer with BIOS cannot be restarted from Windows into Linux', {
    hint: 'Start the computer from the medium, or use a medium whose boot environment is WinPE.',
  });
}

/** A file of the medium, and its name in {@link STAGED_FOLDER}. */
export type StagedFile = { medium: string; local: string };

/**
 * Pure: what of a medium starts its boot environment from a disk. `address`: the medium is on a web server. Undefined
 * where the medium lacks one of them.
 */
export function filesToStage({ files }: Pick<Manifest, 'files'>, address?: string): StagedFile[] | undefined {
  const listed = new Set(files.map(({ path }) => path));
  const wanted: StagedFile[] = [
    { medium: EFI_BOOT_PATHS.shim, local: STAGED_LOADER },
    { medium: EFI_BOOT_PATHS.grub, local: 'grubx64.efi' },
    { medium: EFI_BOOT_PATHS.mokManager, local: 'mmx64.efi' },
    { medium: KERNEL_PATH, local: nameOf(KERNEL_PATH) },
    ...initrdsOf(listed, address).map((path) => ({ medium: path, local: nameOf(path) })),
  ];
  return wanted.every(({ medium }) => listed.has(medium)) ? wanted : undefined;
}

/**
 * Pure: the configuration of GRUB. The partition is known by a file that is named after the medium. Whatever fails leads
 * to a restart, and that to Windows: the firmware was told of this start only once.
 */
export function stagedGrubConfig({ id, files }: Pick<Manifest, 'id' | 'files'>, address?: string): string {
  const listed = new Set(files.map(({ path }) => path));
  const place = (name: string) => `/${STAGED_FOLDER}/${name}`;
  const words = [
    ...kernelWords({ mediumId: id, ...ownParts(listed) }, undefined),
    STAGED_WORD,
    ...(address === undefined ? [] : [quoted(`mediasmith.url=${address}`)]),
  ];
  return [
    MARK,
    'if serial --unit=0 --speed=115200; then',
    '  terminal_input console serial',
    '  terminal_output console serial',
    'fi',
    `if search --no-floppy --file --set=root ${place(id)}; then`,
    `  echo '${HANDOVER_WORDS} the boot environment on this disk'`,
    `  linux ${place(nameOf(KERNEL_PATH))} ${words.join(' ')}`,
    `  initrd ${initrdsOf(listed, address)
      .map((path) => place(nameOf(path)))
      .join(' ')}`,
    '  boot',
    'fi',
    "echo 'Mediasmith: the boot environment on this disk does not start. Windows starts again.'",
    'sleep 10',
    'reboot',
    '',
  ].join('\n');
}

/** Whether GRUB's entrance on an EFI system partition, given by its root, is free for ours; false where another GRUB has it. */
export async function entranceIsFree(root: string): Promise<boolean> {
  const found = await readFile(join(root, GRUB_ENTRANCE), 'utf8').catch(() => undefined);
  return found === undefined || found.startsWith(MARK);
}

/** Takes everything that was staged off an EFI system partition. */
export async function removeStagedLinux(root: string): Promise<void> {
  await rm(join(root, STAGED_FOLDER), { recursive: true, force: true });
  const entrance = join(root, GRUB_ENTRANCE);
  const ours = await readFile(entrance, 'utf8').then(
    (text) => text.startsWith(MARK),
    () => false,
  );
  if (!ours) return;
  await rm(entrance, { force: true });
  // Stay where something else is in them.
  for (const folder of ['boot/grub', 'boot']) await rmdir(join(root, folder)).catch(() => undefined);
}

function initrdsOf(listed: ReadonlySet<string>, address: string | undefined): string[] {
  return [INITRD_PATH, ...(address === undefined ? [] : [NETWORK_INITRD_PATH]), ...ownInitrds(ownParts(listed))];
}

function ownParts(listed: ReadonlySet<string>) {
  return { signed: listed.has(KEY_INITRD_PATH), keyboard: listed.has(KEYBOARD_INITRD_PATH) };
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Nothing is special between GRUB's single quotes; an address writes such a quote by its number. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", '%27')}'`;
}
