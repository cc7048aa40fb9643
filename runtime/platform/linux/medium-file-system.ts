import { readAt } from '../raw-disk.ts';

/** The file systems media have: discs and their images on sticks the first, sticks of ours the others. */
export type MediumFileSystem = 'iso9660' | 'fat32' | 'exfat';

/** Words at places of a volume: ECMA-119 (the primary volume descriptor), Microsoft's specifications of FAT and exFAT. */
const SIGNS: readonly { fileSystem: MediumFileSystem; offset: number; word: string }[] = [
  { fileSystem: 'iso9660', offset: 16 * 2048 + 1, word: 'CD001' },
  { fileSystem: 'fat32', offset: 82, word: 'FAT32   ' },
  { fileSystem: 'exfat', offset: 3, word: 'EXFAT   ' },
];

/** Which of them a block device holds; undefined for none and where it cannot be read. */
export async function mediumFileSystem(device: string): Promise<MediumFileSystem | undefined> {
  for (const { fileSystem, offset, word } of SIGNS) {
    const found = await readAt(device, offset, word.length).catch(() => undefined);
    if (found?.toString('latin1') === word) return fileSystem;
  }
  return undefined;
}
