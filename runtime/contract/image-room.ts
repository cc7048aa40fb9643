/** Windows itself, or data beside it. */
export type ImageKind = 'windows' | 'data';

/** NTFS's own files and the room Windows needs for its first start. */
const NTFS_OVERHEAD = 0.05;

/** What a volume must have for an image with so many bytes of files. */
export function imageRoomBytes(imageBytes: number): number {
  return Math.ceil(imageBytes * (1 + NTFS_OVERHEAD));
}
