import { type FileHandle, open } from 'node:fs/promises';
import { cacheFolder } from '../../builder/cache-folder.ts';
import type { StickLayout, StickTable } from '../../builder/config/schema.ts';
import { stickFiles } from '../../builder/inspect/stick-files.ts';
import { verifyMedium } from '../../builder/inspect/verify-medium.ts';
import { openStick } from '../../builder/stick/open-stick.ts';
import type { StickContext, StickTarget } from '../../builder/writers/usb/sticks.ts';
import { liesOnBootVolume, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { exec } from '../../runtime/host/exec.ts';
import { MEDIUM_ID } from './folder-medium.ts';

const MIB = 1024 ** 2;
export const STICK_BYTES = 200 * MIB;

/** A small medium with something in every place, and one that differs from it a little. */
export const FILES = {
  'EFI/BOOT/readme.txt': 'no program, which would have to be a true one',
  'boot/grub/grub.cfg': 'menu',
  'MediaLabel.txt': 'label=TEST\r\n',
  'mediasmith/images/windows.wim': Buffer.alloc(4 * MIB + 7, 'wim'),
  'mediasmith/sequences/install.json': '{"id":"install"}',
  'mediasmith/empty.txt': '',
  'mediasmith/bios/boot.img': Buffer.alloc(512, 0x90),
  'mediasmith/bios/core.img': Buffer.alloc(70_000, 'core'),
};
export const OTHER_ID = '99999999-2222-4333-8444-555555555555';
export const CHANGED = {
  ...FILES,
  'boot/grub/grub.cfg': 'menu of the other',
  'mediasmith/sequences/install.json': '{"id":"install","changed":true}',
  'mediasmith/new.txt': 'n',
  'mediasmith/bios/core.img': Buffer.alloc(70_500, 'CORE'),
};

export const LAYOUTS: [StickLayout, StickTable][] = [
  ['fat32', 'mbr'],
  ['fat32', 'gpt'],
  ['fat32+exfat', 'mbr'],
  ['fat32+exfat', 'gpt'],
];

export const stickContext = (): StickContext => ({
  exec,
  emit: () => undefined,
  signal: new AbortController().signal,
  cacheFolder: cacheFolder(),
});

/** The image of a stick as a device that is held for writing, or one that behaves as `change` says. */
export async function withStick<T>(
  stick: string,
  work: (target: StickTarget) => Promise<T>,
  change: (handle: FileHandle) => FileHandle = (handle) => handle,
): Promise<T> {
  await using handle = await open(stick, 'r+');
  return await work({ device: stick, bytes: (await handle.stat()).size, handle: change(handle) });
}

/** A stick again as it was: holes stay holes. */
export async function restore(from: string, stick: string): Promise<void> {
  await exec(['cp', '--sparse=always', from, stick]);
}

/** As `verify` names them. */
const FIRST_SECTOR = 'first sector of the stick';
const GAP = 'gap before the first volume';
/** A whole medium, old or new, that a BIOS finds no code on. */
export const STARTS_UEFI_ONLY = 'starts under UEFI only';

/** What a machine finds on a stick: `old` for {@link MEDIUM_ID}, `new` for {@link OTHER_ID}, both whole, `none`, or what is wrong. */
export async function stateOf(stick: string): Promise<string> {
  if ((await openStick(stick)) === undefined) return 'none';
  const { passed, bad } = await verifyMedium(stick, stickContext());
  const manifest = String(await (await stickFiles(stick))?.read(MEDIUM_PATHS.manifest));
  const state = manifest.includes(OTHER_ID) ? 'new' : manifest.includes(MEDIUM_ID) ? 'old' : 'of another';
  if (passed) return state;
  const paths = bad.map(({ path }) => path);
  // An update takes the code away first and puts it back last.
  const withoutCode = paths[0] === FIRST_SECTOR && paths.every((path) => path === FIRST_SECTOR || path === GAP);
  if (withoutCode) return STARTS_UEFI_ONLY;
  // Of two volumes the one that is started may name another medium than the one beside it: then it is not found.
  const elsewhere =
    (await openStick(stick))?.volumes.length === 2 &&
    paths.every((path) => liesOnBootVolume(path) || path === FIRST_SECTOR || path === GAP);
  return elsewhere ? 'does not find its data' : `${state}, broken: ${JSON.stringify(bad)}`;
}
