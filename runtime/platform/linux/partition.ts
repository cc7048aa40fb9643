import { stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { MediasmithError } from '../../contract/errors.ts';
import type { Disk } from '../../contract/machine.ts';
import type { Argv, Exec } from '../../host/exec.ts';
import { wipeEnds, writeClaim } from '../claim.ts';
import { contentRoom } from '../content-room.ts';
import {
  GPT_TYPES,
  linuxNumbers,
  MBR_TYPES,
  madeBeforeExtended,
  mbrType,
  type Partition,
  type PartitionTable,
} from '../partition-table.ts';
import type { ContentRoom, PartitionTask, TargetDisk, TargetVolume, Task } from '../platform.ts';
import { isPartOf, partitionDevice, sectorBytesOf } from './block-devices.ts';
import { readAttribute } from './sysfs.ts';

const NODE_SECONDS = 15;

/** Claims, wipes, partitions and formats a disk, in this order: at no moment between does it start anything. */
export async function partitionDisk(
  exec: Exec,
  roots: { proc: string },
  disk: Disk,
  table: PartitionTable,
  claim: string,
  task: PartitionTask,
): Promise<TargetDisk> {
  const room = task.contentBytes === undefined ? undefined : contentRoom(table, task.contentBytes);
  await refuseInUse(roots.proc, disk);
  await writeClaim(disk.device, claim, table);
  await wipeEnds(disk.device, disk.bytes);
  const { signal } = task;
  await exec(partitionArgv(disk.device), {
    input: sfdiskScript(table, disk.sectorBytes),
    ...(signal !== undefined && { signal }),
  });
  const target = await formatVolumes(exec, disk, table, { ...task, room });
  return { ...target, ...(room !== undefined && { contentRoom: room }) };
}

/** Makes the file systems of a table that the disk has got just now. */
export async function formatVolumes(
  exec: Exec,
  disk: Disk,
  table: PartitionTable,
  { signal, onProgress, room }: Task & { room?: ContentRoom | undefined },
): Promise<TargetDisk> {
  const volumes = volumesOf(disk.device, table);
  const totalBytes = Math.max(...volumes.map(({ startBytes, bytes }) => startBytes + bytes));
  for (const volume of volumes) {
    signal?.throwIfAborted();
    await nodeOf(volume.device);
    const argv = formatArgv(volume, disk.sectorBytes, room);
    if (argv !== undefined) await exec(argv, { ...(signal !== undefined && { signal }) });
    onProgress?.({ doneBytes: volume.startBytes + volume.bytes, totalBytes });
  }
  const { style, identity } = table;
  return { device: disk.device, style, identity, volumes };
}

/** Pure: the volumes of a table, by the names the kernel has for them. */
export function volumesOf(disk: string, table: PartitionTable): TargetVolume[] {
  const numbers = linuxNumbers(table);
  return table.partitions.map((partition, index): TargetVolume => {
    const { active, logical, ...rest } = partition;
    const number = numbers[index] ?? index + 1;
    return { ...rest, number, device: partitionDevice(disk, number) };
  });
}

/** Makes one volume's file system anew: quickly, as its blocks were looked at when the disk was laid out. */
export async function formatVolume(
  exec: Exec,
  sys: string,
  target: TargetDisk,
  { fullFormat, ...volume }: TargetVolume,
  { signal }: Task,
): Promise<void> {
  const argv = formatArgv(volume, await sectorBytesOf(sys, target.device), target.contentRoom);
  if (argv !== undefined) await exec(argv, { ...(signal !== undefined && { signal }) });
}

/** Pure: the command that lays out a table, which it reads from standard input. */
export function partitionArgv(device: string): Argv {
  return ['sfdisk', '--quiet', '--wipe', 'always', '--wipe-partitions', 'always', device];
}

/**
 * Pure: the table in sfdisk's words. No partition of an MBR disk is active yet: that is done when all is done. `more`:
 * rows of partitions that are there already, which get the numbers after the others.
 */
export function sfdiskScript(table: PartitionTable, sectorBytes: number, more: readonly string[] = []): string {
  const header = [
    `label: ${table.style === 'gpt' ? 'gpt' : 'dos'}`,
    `label-id: ${table.style === 'gpt' ? table.identity : `0x${table.identity}`}`,
    'unit: sectors',
    `sector-size: ${sectorBytes}`,
  ];
  const placeOf = ({ startBytes, bytes }: Pick<Partition, 'startBytes' | 'bytes'>): string =>
    `start=${startBytes / sectorBytes}, size=${bytes / sectorBytes}`;
  const rows = table.partitions.map((partition) => {
    const place = placeOf(partition);
    return table.style === 'gpt' ? `${place}, ${gptFields(partition)}` : `${place}, type=${mbrType(partition)}`;
  });
  // What begins within the extended partition is a logical one to sfdisk.
  if (table.extended !== undefined)
    rows.splice(madeBeforeExtended(table), 0, `${placeOf(table.extended)}, type=${MBR_TYPES.extended}`);
  return `${[...header, '', ...rows, ...more].join('\n')}\n`;
}

function gptFields({ role, guid, name, noLetter }: Partition): string {
  if (role === 'hidden') throw new Error('a hidden volume exists on MBR disks only');
  const fields = [`type=${GPT_TYPES[role]}`, `uuid=${guid}`, `name="${name.replaceAll('"', '')}"`];
  // Microsoft's attributes of a recovery partition: required by the platform, and no drive letter.
  if (role === 'recovery') fields.push('attrs="RequiredPartition GUID:63"');
  else if (noLetter === true) fields.push('attrs="GUID:63"');
  return fields.join(', ');
}

/**
 * Pure: the command that makes a volume's file system, as far as content's room; undefined for one without. In a full
 * format bad blocks are looked for first: mkntfs writes zeros, mkfs.fat reads (their manual pages).
 */
export function formatArgv(
  { fileSystem, name, device, startBytes, number, fullFormat }: TargetVolume,
  sectorBytes: number,
  room?: ContentRoom,
): Argv | undefined {
  if (fileSystem === 'none') return undefined;
  if (fileSystem === 'fat32')
    return ['mkfs.fat', ...(fullFormat === true ? ['-c'] : []), '-F', '32', '-n', fatLabel(name), device];
  // The start and a geometry, because boot code reads both from the volume's first sector.
  return [
    'mkntfs',
    ...(fullFormat === true ? [] : ['--quick']),
    '--force',
    '--quiet',
    '--label',
    name,
    '--partition-start',
    String(startBytes / sectorBytes),
    '--sectors-per-track',
    '63',
    '--heads',
    '255',
    device,
    ...(room?.volume === number ? [String(room.offsetBytes / sectorBytes)] : []),
  ];
}

function fatLabel(name: string): string {
  return name
    .toUpperCase()
    .replace(/[^A-Z0-9_-]/g, '_')
    .slice(0, 11);
}

/** A disk of which anything is mounted is somebody's, whatever the rules say; `but` is where its own medium is. */
export async function refuseInUse(proc: string, disk: Disk, but?: string): Promise<void> {
  const mounts = (await readAttribute(proc, 'mounts')).split('\n').map((line) => ({ line, words: line.split(' ') }));
  const own = mounts
    .filter(({ words: [device = '', folder] }) => isPartOf(disk.device, device) && folder !== but)
    .map(({ line }) => line);
  if (own.length === 0) return;
  throw new MediasmithError('DISK_NOT_CHOSEN', `${disk.device} is in use`, {
    lines: own,
    hint: 'Unmount it. Nothing was changed.',
  });
}

/** Waits for the kernel to show a partition it was just told of. */
export async function nodeOf(device: string): Promise<void> {
  const deadline = performance.now() + NODE_SECONDS * 1000;
  while (performance.now() < deadline) {
    const node = await stat(device).catch(() => undefined);
    if (node !== undefined) return;
    await setTimeout(50);
  }
  throw new MediasmithError('TOOL_FAILED', `the kernel does not show ${device} ${NODE_SECONDS} s after it was made`);
}
