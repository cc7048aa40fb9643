import type { Extent, ReadAt } from '../volume.ts';
import { corrupt } from './errors.ts';

/** The bytes at these places, one after another. `MEDIUM_CORRUPT` where the disk ends before. */
export async function readBytes(read: ReadAt, places: readonly Extent[]): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (const { offset, bytes } of places) {
    const part = await read(offset, bytes);
    if (part.length < bytes) throw corrupt(`it is larger than the disk, which ends at byte ${offset + part.length}`);
    parts.push(part);
  }
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}
