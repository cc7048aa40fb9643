import { readdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { MediasmithError } from '../../contract/errors.ts';
import type { Disk } from '../../contract/machine.ts';
import type { DriveLayout } from '../../native/win32-structs.ts';
import { type PartitionTable, windowsNumbers } from '../partition-table.ts';
import type { TargetVolume } from '../platform.ts';
import { readLayout } from './devices.ts';
import { diskNumber, partitionScript } from './diskpart.ts';
import type { WinpeHost } from './host.ts';
import { chooseLetters, takenLetters } from './letters.ts';
import { runDiskpart } from './run-diskpart.ts';
import { deviceOf } from './volumes.ts';

const ANSWER_SECONDS = 15;
const ANSWER_LINES = 20;

/** Makes the partitions of a table and their file systems, where the disk has room for them. */
export async function makeVolumes(
  host: WinpeHost,
  disk: Disk,
  table: PartitionTable,
  signal: AbortSignal | undefined,
): Promise<TargetVolume[]> {
  const number = diskNumber(disk);
  const letters = chooseLetters(table.partitions, takenLetters(host.win32));
  const script = partitionScript(number, table, letters);
  const said = await runDiskpart(host, script, `${disk.device} could not be partitioned`, signal);
  const volumes = describeVolumes(table, letters, number, readLayout(host.win32, disk.device), said);
  for (const [index, letter] of letters.entries()) {
    if (letter !== undefined) await answers(host, letter, table.partitions[index]?.name ?? '', said, signal);
  }
  return volumes;
}

function describeVolumes(
  table: PartitionTable,
  letters: readonly (string | undefined)[],
  disk: number,
  layout: DriveLayout | undefined,
  said: readonly string[],
): TargetVolume[] {
  const numbers = windowsNumbers(table);
  const made = madeOf(table, layout);
  return table.partitions.map(({ active: _, guid: __, logical: ___, ...partition }, index): TargetVolume => {
    const real = made[index];
    if (layout !== undefined && real === undefined) throw silent(`partition "${partition.name}" is not there`, said);
    const number = real?.number ?? numbers[index] ?? index + 1;
    const letter = letters[index];
    const device = letter === undefined ? globalName(disk, number) : deviceOf(letter);
    const { startBytes, bytes } = real ?? partition;
    const guid = real?.guid;
    return { ...partition, startBytes, bytes, number, device, ...(guid !== undefined && { guid }) };
  });
}

type Made = DriveLayout['partitions'][number];

/** What Windows has made of each partition: told by its place, and a logical one by its order, as Windows has chosen where. */
function madeOf({ partitions, extended }: PartitionTable, layout: DriveLayout | undefined): (Made | undefined)[] {
  const { startBytes: start = 0, bytes = 0 } = extended ?? {};
  const inside = (layout?.partitions ?? [])
    .filter(({ startBytes }) => startBytes > start && startBytes < start + bytes)
    .sort((a, b) => a.startBytes - b.startBytes);
  return partitions.map(({ logical, startBytes }) =>
    logical === true ? inside.shift() : layout?.partitions.find((place) => place.startBytes === startBytes),
  );
}

function globalName(disk: number, partition: number): string {
  return `\\\\?\\GLOBALROOT\\Device\\Harddisk${disk}\\Partition${partition}`;
}

/** Waits until a volume that diskpart has made can be read. */
export async function answers(
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

/** diskpart ends well after trouble as well. */
export function silent(what: string, said: readonly string[]): MediasmithError {
  return new MediasmithError('TOOL_FAILED', `diskpart says that it has done everything, but ${what}`, {
    lines: said.slice(-ANSWER_LINES),
    hint: 'The disk may be broken. The log has the script that was run.',
  });
}
