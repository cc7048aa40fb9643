import { open } from 'node:fs/promises';
import { sizeOf } from '../block-device.ts';

const SECTOR_BYTES = 2048;
const GPT_BLOCK_BYTES = 512;
const HEAD_BYTES = 17 * SECTOR_BYTES;

/** What an ISO file has, or the device it was written onto, and what it says it needs, in bytes. */
export type IsoSize = { bytes: number; declared: number };

/**
 * Undefined for a file that is no ISO. The primary volume descriptor is sector 16: `CD001` at its second byte, the blocks
 * of the volume at byte 80 (ECMA-119). A partition behind the volume ends with the second partition table, whose place the
 * first one names (UEFI specification, GPT header).
 */
export async function isoSize(path: string): Promise<IsoSize | undefined> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  const volume = buffer.subarray(16 * SECTOR_BYTES);
  const isIso = volume.toString('latin1', 1, 6) === 'CD001';
  const gpt = buffer.subarray(GPT_BLOCK_BYTES);
  const hasTable = gpt.toString('latin1', 0, 8) === 'EFI PART';
  // So short that the descriptor is missing: only the partition table can say what it was.
  if (!isIso && !(hasTable && bytesRead < HEAD_BYTES)) return undefined;
  const tableEnd = hasTable ? (Number(gpt.readBigUInt64LE(32)) + 1) * GPT_BLOCK_BYTES : 0;
  const declared = Math.max(volume.readUInt32LE(80) * SECTOR_BYTES, tableEnd);
  return { bytes: await sizeOf(path), declared };
}
