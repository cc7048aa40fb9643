import { type FileHandle, open } from 'node:fs/promises';

const MIB = 1024 ** 2;
const MAGIC = 'MEDIASMITH DEPLOYMENT IN PROGRESS\n';
const CLAIM_BYTES = 4096;

/**
 * Where the claim lies: the last 4 KiB before the first partition. No partition table, no boot loader and no file
 * system of an aligned disk uses it, so the claim outlives everything a deployment does, whenever it is cut.
 */
const CLAIM_OFFSET = MIB - CLAIM_BYTES;

/** Says on the disk itself that the medium with this id is deploying it. On the disk when the call returns. */
export async function writeClaim(device: string, mediumId: string): Promise<void> {
  const sector = Buffer.alloc(CLAIM_BYTES);
  sector.write(`${MAGIC}${mediumId}\n`, 'latin1');
  await writeAt(device, sector, CLAIM_OFFSET);
}

export async function clearClaim(device: string): Promise<void> {
  await writeAt(device, Buffer.alloc(CLAIM_BYTES), CLAIM_OFFSET);
}

/** What the two ends of a disk say: whether a deployment did not end, and whether there is anything else. */
export async function probeDisk(device: string, bytes: number): Promise<{ unfinished: boolean; empty: boolean }> {
  const file = await open(device, 'r').catch(() => undefined);
  if (file === undefined) return { unfinished: false, empty: false };
  try {
    const start = await readAt(file, 0, Math.min(MIB, bytes));
    const end = await readAt(file, Math.max(0, bytes - MIB), Math.min(MIB, bytes));
    const unfinished = start.subarray(CLAIM_OFFSET).toString('latin1').startsWith(MAGIC);
    const blank = start.every((byte) => byte === 0) && end.every((byte) => byte === 0);
    return { unfinished, empty: unfinished || blank };
  } catch {
    return { unfinished: false, empty: false };
  } finally {
    await file.close();
  }
}

/** Takes away every table and boot code at both ends of a disk, all but the claim. */
export async function wipeEnds(device: string, bytes: number): Promise<void> {
  await writeAt(device, Buffer.alloc(CLAIM_OFFSET), 0);
  await writeAt(device, Buffer.alloc(MIB), bytes - MIB);
}

/** Writes and waits until the device has it. */
export async function writeAt(device: string, data: Uint8Array, offset: number): Promise<void> {
  const file = await open(device, 'r+');
  try {
    await file.write(data, 0, data.length, offset);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const data = Buffer.alloc(length);
  const { bytesRead } = await file.read(data, 0, length, offset);
  return data.subarray(0, bytesRead);
}
