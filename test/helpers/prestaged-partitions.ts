import { hashBytes } from '../../builder/hash.ts';
import { finishedFiles } from '../../builder/manifest-draft.ts';
import { liesOnBootVolume } from '../../runtime/contract/manifest.ts';
import { GPT_TYPES } from '../../runtime/platform/partition-table.ts';
import { MEDIUM_ID } from './fake-medium.ts';
import { aDraft } from './manifest.ts';

const MIB = 1024 ** 2;
const GPT_CORE = '21686148-6449-6E6F-744E-656564454649';

/** Files by their paths. */
export type Contents = Readonly<Record<string, string | Uint8Array>>;

/** A partition as a test puts it onto a disk. `hidden`: Windows gives it no letter. */
export type PartitionWish = {
  number: number;
  startBytes: number;
  bytes: number;
  type?: string;
  fileSystem?: 'ntfs' | 'exfat' | 'fat32';
  active?: boolean;
  /** The letter of its volume, and what is on it. */
  letter?: string;
  files?: Contents;
};

/** What a medium of ours has, by its path; those of the boot volume are not all listed. */
export const MEDIUM_FILES: Readonly<Record<string, string>> = {
  bootmgr: 'bootmgr',
  'EFI/BOOT/BOOTX64.EFI': 'loader',
  'EFI/Microsoft/Boot/BCD': 'store',
  'sources/boot.wim': 'boot environment',
  [`mediasmith/bios/${MEDIUM_ID}`]: '',
  'mediasmith/bios/core.img': 'core',
  'mediasmith/images/windows.wim': 'an image '.repeat(1000),
  'mediasmith/sequences/it.json': '{}',
};

/** All files of a prestaged medium, with its manifest. */
export function prestagedFiles(files: Readonly<Record<string, string>> = MEDIUM_FILES): Record<string, string> {
  const contents = Object.entries(files).map(([path, text]) => ({ path, data: Buffer.from(text) }));
  const listed = contents.map(({ path, data }) => ({ path, bytes: data.length }));
  const hashes = new Map(contents.map(({ path, data }) => [path, hashBytes(data)]));
  const draft = aDraft({ id: MEDIUM_ID, bootImage: MEDIUM_ID, label: 'MEDIUM', prestaged: true, files: listed });
  const manifest = Object.fromEntries(finishedFiles(draft, hashes));
  return { ...files, ...Object.fromEntries(Object.entries(manifest).map(([path, text]) => [path, String(text)])) };
}

/** A medium of two volumes as an image lays it onto a disk: data, what firmware starts, GRUB's place. */
export function twoVolumes(style: 'gpt' | 'mbr', files: Contents = prestagedFiles()): PartitionWish[] {
  const of = (boot: boolean) =>
    Object.fromEntries(Object.entries(files).filter(([path]) => liesOnBootVolume(path) === boot));
  const [dataBytes, bootBytes] = [1000 * MIB, 300 * MIB];
  const boot = {
    number: 3,
    startBytes: MIB + dataBytes,
    bytes: bootBytes,
    files: of(true),
    fileSystem: 'fat32',
  } as const;
  return [
    {
      number: 2,
      startBytes: MIB,
      bytes: dataBytes,
      type: GPT_TYPES.primary,
      fileSystem: 'exfat',
      letter: 'D',
      files: of(false),
    },
    style === 'gpt' ? { ...boot, type: GPT_TYPES.system } : { ...boot, active: true, letter: 'E' },
    ...(style === 'gpt' ? [{ number: 4, startBytes: 20 * 1024, bytes: MIB - 20 * 1024, type: GPT_CORE }] : []),
  ];
}

/** One volume with everything. */
export function oneVolume(files: Contents = prestagedFiles()): PartitionWish[] {
  const place = { number: 2, startBytes: MIB, bytes: 1300 * MIB, active: true };
  return [{ ...place, type: GPT_TYPES.primary, fileSystem: 'fat32', letter: 'D', files }];
}
