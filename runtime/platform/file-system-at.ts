import { readAt } from './raw-disk.ts';

/** Places in the first sector: names of NTFS and exFAT, FAT32's type (Microsoft: FAT and exFAT specifications). */
const NTFS = { offset: 3, word: 'NTFS    ' };
const FAT32 = { offset: 82, word: 'FAT32   ' };
const EXFAT = { offset: 3, word: 'EXFAT   ' };
/** The largest there are: a disk gives whole ones only. */
const SECTOR_BYTES = 4096;

/** The file system of a volume that begins at an offset of a device; undefined where it cannot be read or is another. */
export async function fileSystemAt(device: string, offset: number): Promise<'ntfs' | 'fat32' | undefined> {
  const sector = await readAt(device, offset, SECTOR_BYTES).catch(() => undefined);
  if (sector === undefined) return undefined;
  if (has(sector, NTFS)) return 'ntfs';
  return has(sector, FAT32) ? 'fat32' : undefined;
}

/** Whether an exFAT volume begins at an offset of a device: sticks have them, no system is installed on one. */
export async function isExfatAt(device: string, offset: number): Promise<boolean> {
  const sector = await readAt(device, offset, SECTOR_BYTES).catch(() => undefined);
  return sector !== undefined && has(sector, EXFAT);
}

function has(sector: Buffer, { offset, word }: { offset: number; word: string }): boolean {
  return sector.toString('latin1', offset, offset + word.length) === word;
}
