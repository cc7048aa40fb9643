import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { ReadAt } from '../volume.ts';

/** `MEDIUM_CORRUPT` where the volume ends before. */
export async function readWhole(read: ReadAt, offset: number, bytes: number): Promise<Buffer> {
  const data = await read(offset, bytes);
  if (data.length === bytes) return data;
  throw new MediasmithError(
    'MEDIUM_CORRUPT',
    `the volume ends at byte ${offset + data.length}, before its structures do`,
  );
}
