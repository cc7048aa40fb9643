import { isHalfTable, tableIdentity } from './disk-start.ts';
import type { PartitionTable } from './partition-table.ts';
import { readAt, writeAt } from './raw-disk.ts';

const MIB = 1024 ** 2;
const MAGIC = 'MEDIASMITH DEPLOYMENT IN PROGRESS';
const CLAIM_BYTES = 4096;

/**
 * Where the claim lies: the last 4 KiB before the first partition. No partition table, no boot loader and no file
 * system of an aligned disk uses it, so the claim outlives everything a deployment does, whenever it is cut.
 */
const CLAIM_OFFSET = MIB - CLAIM_BYTES;

/**
 * Says on the disk itself that the medium with this id is deploying it. On the disk when the call returns.
 *
 * The claim names the table it is about, and the one that is there now: a disk that somebody has partitioned anew since
 * is theirs, whatever still lies before its first partition.
 */
export async function writeClaim(device: string, mediumId: string, table: PartitionTable): Promise<void> {
  const now = tableIdentity(await readAt(device, 0, MIB));
  const lines = [MAGIC, mediumId, `${table.style} ${table.identity}`, ...(now === undefined ? [] : [now])];
  const sector = Buffer.alloc(CLAIM_BYTES);
  sector.write(`${lines.join('\n')}\n`, 'latin1');
  await writeAt(device, sector, CLAIM_OFFSET);
}

export async function clearClaim(device: string): Promise<void> {
  await writeAt(device, Buffer.alloc(CLAIM_BYTES), CLAIM_OFFSET);
}

/** What the two ends of a disk say: whether a deployment did not end, and whether there is anything else. */
export async function probeDisk(device: string, bytes: number): Promise<{ unfinished: boolean; empty: boolean }> {
  try {
    const start = await readAt(device, 0, Math.min(MIB, bytes));
    const end = await readAt(device, Math.max(0, bytes - MIB), Math.min(MIB, bytes));
    const unfinished = isUnfinished(start);
    return { unfinished, empty: unfinished || (isBlank(start) && isBlank(end)) };
  } catch {
    return { unfinished: false, empty: false };
  }
}

/** Whether the first MiB of a disk holds a claim, whatever it is about. */
export function holdsClaim(start: Uint8Array): boolean {
  return claimLines(start)[0] === MAGIC;
}

/** Whether the first MiB of a disk holds a claim that is about the table that is there, or about one being written. */
export function isUnfinished(start: Uint8Array): boolean {
  if (!holdsClaim(start)) return false;
  const [, , ...identities] = claimLines(start);
  const identity = tableIdentity(start);
  if (identity !== undefined) return identities.includes(identity);
  return isBlank(start.subarray(0, CLAIM_OFFSET)) || isHalfTable(start);
}

function claimLines(start: Uint8Array): string[] {
  return Buffer.from(start.subarray(CLAIM_OFFSET)).toString('latin1').split('\n');
}

function isBlank(data: Uint8Array): boolean {
  return data.every((byte) => byte === 0);
}

/** Takes away every table and boot code at both ends of a disk, all but the claim. */
export async function wipeEnds(device: string, bytes: number): Promise<void> {
  await writeAt(device, Buffer.alloc(CLAIM_OFFSET), 0);
  await writeAt(device, Buffer.alloc(MIB), bytes - MIB);
}
