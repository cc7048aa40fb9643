import { readAt } from './raw-disk.ts';

/** Places in the first sector: NTFS' OEM name, FAT32's file system type (Microsoft: FAT specification). */
const NTFS = { offset: 3, word: 'NTFS    ' };
const FAT32 = { offset: 82, word: 'FAT32   ' };

/** The file system of a volume that begins at an offset of a device; undefined where it cannot be read or is another. */
export async function fileSystemAt(device: string, offset: number): Promise<'ntfs' | 'fat32' | undefined> {
  const sector = await readAt(device, offset, 512).catch(() => undefined);
  if (sector === undefined) return undefined;
  const has = ({ offset: at, word }: typeof NTFS): boolean => sector.toString('latin1', at, at + word.length) === word;
  if (has(NTFS)) return 'ntfs';
  return has(FAT32) ? 'fat32' : undefined;
}
