import type { StickLayout } from './config/schema.ts';

/** The images of a prestaged WIM: one for each volume, that with what the machine starts from first. */
export const PRESTAGED_IMAGES: Readonly<Record<StickLayout, readonly string[]>> = {
  fat32: ['medium'],
  'fat32+exfat': ['boot', 'content'],
};

/** Whether the images of a WIM have these names. */
export function arePrestagedImages(names: readonly string[]): boolean {
  return Object.values(PRESTAGED_IMAGES).some((wanted) => wanted.join('/') === names.join('/'));
}
