import { type MediaFile, volumesOf } from './config/schema.ts';

/** The largest file of FAT32: one byte under 4 GiB. */
export const FAT32_FILE_BYTES = 4 * 1024 ** 3 - 1;

/** Whether files must be such that FAT32 can hold them: asked for, or needed by a stick or a disk with one volume. */
export function goesOntoFat32({ fat32, outputs }: Pick<MediaFile, 'fat32' | 'outputs'>): boolean {
  const hasVolumes = outputs.filter(({ usb, prestaged }) => usb !== undefined || prestaged !== undefined);
  return fat32 || hasVolumes.some((output) => volumesOf(output).layout === 'fat32');
}
