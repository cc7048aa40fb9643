import { MediasmithError } from '../../contract/errors.ts';
import type { Disk } from '../../contract/machine.ts';
import { writeClaim } from '../claim.ts';
import type { PartitionTable } from '../partition-table.ts';
import type { TargetDisk, Task } from '../platform.ts';
import { diskOfLetter, readLayout, sameDisk } from './devices.ts';
import { cleanScript, diskNumber, removePartitionsScript } from './diskpart.ts';
import type { WinpeHost } from './host.ts';
import { chooseLetters, takenLetters } from './letters.ts';
import { makeVolumes } from './make-volumes.ts';
import { runDiskpart } from './run-diskpart.ts';

/**
 * Cleans, claims, partitions and formats a disk, in this order: diskpart's `clean` takes everything away that lies before
 * the first partition, so that the claim can only follow it. At no moment between does the disk start anything.
 */
export async function partitionDisk(
  host: WinpeHost,
  disk: Disk,
  table: PartitionTable,
  claim: string,
  { ownLetters, signal, onProgress }: Task & { ownLetters: readonly string[] },
): Promise<TargetDisk> {
  refuseInUse(host, disk, ownLetters);
  if (disk.holdsMedium) throw inUse(disk, []);
  refuseWithoutLetters(host, disk, table);
  const totalBytes = Math.max(...table.partitions.map(({ startBytes, bytes }) => startBytes + bytes));
  onProgress?.({ doneBytes: 0, totalBytes });
  await runDiskpart(host, cleanScript(diskNumber(disk), table), `${disk.device} could not be cleaned`, signal);
  const identity = await emptyTable(host, disk, table, signal);
  await claimDisk(host, disk, { ...table, identity }, claim);
  const volumes = await makeVolumes(host, disk, table, signal);
  onProgress?.({ doneBytes: totalBytes, totalBytes });
  return { device: disk.device, style: table.style, identity, volumes };
}

/** A disk that WinPE or the runtime lies on is in use, whatever the rules say. */
export function refuseInUse(host: WinpeHost, disk: Disk, ownLetters: readonly string[]): void {
  const users = ownLetters.filter((letter) => sameDisk(diskOfLetter(host, letter) ?? '', disk.device));
  if (users.length > 0) throw inUse(disk, users);
}

/** Before anything is taken off the disk, which frees the letters on it but for those that are `kept`. */
export function refuseWithoutLetters(
  host: WinpeHost,
  disk: Disk,
  { partitions }: PartitionTable,
  kept: readonly (string | undefined)[] = [],
): void {
  const goes = (letter: string): boolean =>
    !kept.includes(letter) && sameDisk(diskOfLetter(host, letter) ?? '', disk.device);
  const taken = takenLetters(host.win32).filter((letter) => !goes(letter));
  chooseLetters(partitions, taken);
}

function inUse(disk: Disk, users: readonly string[]): MediasmithError {
  return new MediasmithError('DISK_NOT_CHOSEN', `${disk.device} is in use`, {
    lines: users.map((letter) => `${letter}: is on it, and this run needs it`),
    hint: 'Choose another disk. Nothing was changed.',
  });
}

/** Windows gives some fresh GPT disks a reserved partition of its own. Resolves to the identity the table really has. */
async function emptyTable(
  host: WinpeHost,
  { device }: Disk,
  table: PartitionTable,
  signal: AbortSignal | undefined,
): Promise<string> {
  const layout = readLayout(host.win32, device);
  if (layout === undefined || layout.style !== table.style) return table.identity;
  if (layout.partitions.length > 0) {
    const numbers = layout.partitions.map(({ number }) => number);
    const script = removePartitionsScript(diskNumber({ device }), numbers);
    await runDiskpart(host, script, `${device} could not be emptied`, signal);
  }
  return layout.identity;
}

/** Where Windows does not let us write to the disk itself, an unfinished deployment will not be known for one. */
export async function claimDisk(
  host: WinpeHost,
  { device }: Disk,
  table: PartitionTable,
  claim: string,
): Promise<void> {
  try {
    await writeClaim(device, claim, table);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    host.log('warning', `${device} gets no mark of this deployment: ${reason}`);
  }
}
