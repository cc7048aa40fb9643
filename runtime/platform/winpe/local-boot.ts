import { win32 } from 'node:path';
import type { Argv } from '../../host/exec.ts';
import { STATE_FOLDER } from '../state-folder.ts';
import { bcdeditArgv } from './command-lines.ts';

/** Ours in every store, so that a second staging meets the entries of the first. */
const LOCAL_BOOT_ENTRIES = {
  loader: '{6b0f0f1e-5d6a-4c39-9d0b-2a5b1a7b8c01}',
  ramdisk: '{6b0f0f1e-5d6a-4c39-9d0b-2a5b1a7b8c02}',
} as const;

/** Where the boot environment lies on the drive of Windows, and what the store says of it. */
export const LOCAL_BOOT_FILES = {
  image: win32.join('\\', STATE_FOLDER, 'boot', 'boot.wim'),
  sdi: win32.join('\\', STATE_FOLDER, 'boot', 'boot.sdi'),
} as const;

export type LocalBoot = {
  /** The drive of the running Windows: `C:`. */
  drive: string;
  firmware: 'uefi' | 'bios';
};

/**
 * bcdedit's command lines that start a boot environment from the disk once, from memory, in their order. The last alone
 * changes what the machine does next, and Windows' own entry stays the default: a boot environment that does not start
 * costs one restart. The drive must not be locked by BitLocker when the boot manager reads it: protection is suspended
 * before.
 */
export function startLocalBootArgvs(systemRoot: string, { drive, firmware }: LocalBoot): Argv[] {
  const { loader, ramdisk } = LOCAL_BOOT_ENTRIES;
  const device = `ramdisk=[${drive}]${LOCAL_BOOT_FILES.image},${ramdisk}`;
  const path = `\\windows\\system32\\boot\\winload.${firmware === 'uefi' ? 'efi' : 'exe'}`;
  const set = (entry: string, settings: Record<string, string>): string[][] =>
    Object.entries(settings).map(([name, value]) => ['/set', entry, name, value]);
  return [
    ['/create', ramdisk, '/d', 'Mediasmith ramdisk', '/device'],
    ...set(ramdisk, { ramdisksdidevice: `partition=${drive}`, ramdisksdipath: LOCAL_BOOT_FILES.sdi }),
    ['/create', loader, '/d', 'Mediasmith', '/application', 'osloader'],
    ...set(loader, { device, osdevice: device, path, systemroot: '\\windows', detecthal: 'yes', winpe: 'yes' }),
  ]
    .map((words) => bcdeditArgv(systemRoot, words))
    .concat([startLocalBootAgainArgv(systemRoot)]);
}

/** Starts what is staged already once more. */
export function startLocalBootAgainArgv(systemRoot: string): Argv {
  return bcdeditArgv(systemRoot, ['/bootsequence', LOCAL_BOOT_ENTRIES.loader]);
}

/** The command lines that take both entries out again; each fails where there is none. */
export function removeLocalBootArgvs(systemRoot: string): Argv[] {
  const { loader, ramdisk } = LOCAL_BOOT_ENTRIES;
  return [
    ['/delete', loader, '/cleanup'],
    ['/delete', ramdisk],
  ].map((words) => bcdeditArgv(systemRoot, words));
}
