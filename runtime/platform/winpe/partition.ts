import { readdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { MediasmithError } from '../../contract/errors.ts';
import type { Disk } from '../../contract/machine.ts';
import type { DriveLayout } from '../../native/win32-structs.ts';
import { writeClaim } from '../claim.ts';
import type { PartitionTable } from '../partition-table.ts';
import type { TargetDisk, TargetVolume, Task } from '../platform.ts';
import { diskOfLetter, readLayout, sameDisk } from './devices.ts';
import { cleanScript, diskNumber, partitionScript, removePartitionsScript } from './diskpart.ts';
import type { WinpeHost } from './host.ts';
import { chooseLetters, takenLetters } from './letters.ts';
import { runDiskpart } from './run-diskpart.ts';
import { deviceOf } from './volumes.ts';

const ANSWER_SECONDS = 15;
const ANSWER_LINES = 20;

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
  const number = diskNumber(disk);
  const totalBytes = Math.max(...table.partitions.map(({ startBytes, bytes }) => startBytes + bytes));
  onProgress?.({ doneBytes: 0, totalBytes });
  await runDiskpart(host, cleanScript(number, table), `${disk.device} could not be cleaned`, signal);
  const identity = await emptyTable(host, disk, table, signal);
  await claimDisk(host, disk, { ...table, identity }, claim);
  const letters = chooseLetters(table.partitions, takenLetters(host.win32));
  const script = partitionScript(number, table, letters);
  const said = await runDiskpart(host, script, `${disk.device} could not be partitioned`, signal);
  const volumes = describeVolumes(table, letters, number, readLayout(host.win32, disk.device), said);
  for (const [index, letter] of letters.entries()) {
    if (letter !== undefined) await answers(host, letter, table.partitions[index]?.name ?? '', said, signal);
  }
  onProgress?.({ doneBytes: totalBytes, totalBytes });
  return { device: disk.device, style: table.style, identity, volumes };
}

/** A disk the medium, WinPE or the runtime lies on is in use, whatever the rules say. */
function refuseInUse(host: WinpeHost, disk: Disk, ownLetters: readonly string[]): void {
  const users = ownLetters.filter((letter) => sameDisk(diskOfLetter(host, letter) ?? '', disk.device));
  if (users.length === 0 && !disk.holdsMedium) return;
  throw new MediasmithError('DISK_NOT_CHOSEN', `${disk.device} is in use`, {
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
async function claimDisk(host: WinpeHost, { device }: Disk, table: PartitionTable, claim: string): Promise<void> {
  try {
    await writeClaim(device, claim, table);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    host.log('warning', `${device} gets no mark of this deployment: ${reason}`);
  }
}

function describeVolumes(
  table: PartitionTable,
  letters: readonly (string | undefined)[],
  disk: number,
  layout: DriveLayout | undefined,
  said: readonly string[],
): TargetVolume[] {
  return table.partitions.map(({ active: _, guid: __, ...partition }, index): TargetVolume => {
    const real = layout?.partitions.find(({ startBytes }) => startBytes === partition.startBytes);
    if (layout !== undefined && real === undefined) throw silent(`partition "${partition.name}" is not there`, said);
    const number = real?.number ?? index + 1;
    const letter = letters[index];
    const device = letter === undefined ? globalName(disk, number) : deviceOf(letter);
    return { ...partition, number, device, ...(real?.guid !== undefined && { guid: real.guid }) };
  });
}

function globalName(disk: number, partition: number): string {
  return `\\\\?\\GLOBALROOT\\Device\\Harddisk${disk}\\Partition${partition}`;
}

async function answers(
  { drive }: WinpeHost,
  letter: string,
  name: string,
  said: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const deadline = performance.now() + ANSWER_SECONDS * 1000;
  for (;;) {
    signal?.throwIfAborted();
    const entries = await readdir(drive(letter)).catch(() => undefined);
    if (entries !== undefined) return;
    if (performance.now() >= deadline) throw silent(`volume "${name}" (${letter}:) cannot be read`, said);
    await setTimeout(200);
  }
}

function silent(what: string, said: readonly string[]): MediasmithError {
  return new MediasmithError('TOOL_FAILED', `diskpart says that it has done everything, but ${what}`, {
    lines: said.slice(-ANSWER_LINES),
    hint: 'The disk may be broken. The log has the script that was run.',
  });
}
