import { MediasmithError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import type { Disk } from '../../contract/machine.ts';
import type { Exec } from '../../host/exec.ts';
import { writeClaim } from '../claim.ts';
import { tableIdentity } from '../disk-start.ts';
import { withMediumRoom } from '../medium-room.ts';
import { GPT_TYPES, MBR_TYPES, type PartitionTable } from '../partition-table.ts';
import type { PartitionTask, TargetDisk } from '../platform.ts';
import { readAt } from '../raw-disk.ts';
import { partitionDevice } from './block-devices.ts';
import { isUefi } from './firmware.ts';
import type { Roots } from './machine.ts';
import { mountArgv, unmountArgv } from './mount.ts';
import { copyPartitions } from './move-partitions.ts';
import { formatVolumes, nodeOf, refuseInUse, sfdiskScript } from './partition.ts';
import { type MediumPartition, mediumBytes, type PrestagedMedium } from './prestaged-medium.ts';

const MIB = 1024 ** 2;
/** Where the first partition of every table begins. */
const FRONT = MIB;
const MBR_PARTITIONS = 4;

type LayOut = { disk: Disk; table: PartitionTable; onPlaced: (medium: PrestagedMedium) => void };

/**
 * Lays out the disk that a prestaged medium lies on. The medium is first copied into its room, then the table changes in
 * one step, and it is mounted from there below the same path: before and after that step the machine starts from it.
 * Whatever fails after it, `onPlaced` has said where the medium is: its old place is not to be read again.
 */
export async function partitionAround(
  exec: Exec,
  roots: Roots,
  medium: PrestagedMedium,
  { disk, table, claim, onPlaced }: LayOut & { claim: string },
  task: PartitionTask,
): Promise<TargetDisk> {
  const { table: shared, room } = withMediumRoom(table, mediumBytes(medium.partitions));
  refuseTooMany(table, medium.partitions.length);
  await refuseWithoutGrub(roots.sys, disk, table);
  await refuseInUse(roots.proc, disk, medium.found.mounted.path);
  const before = await freeTheRoom(exec, roots, medium, { disk, table, onPlaced, startBytes: room.startBytes }, task);
  const places = placedFrom(before.partitions, room.startBytes);
  await copyTo(places, before, roots, task);
  await writeClaim(disk.device, claim, table);
  await changeTable(exec, before, places, { disk, table: shared, onPlaced });
  const target = await formatVolumes(exec, disk, shared, task);
  return { ...target, mediumRoom: room };
}

/**
 * Where the medium lies half in its room, as after a start that has laid out the disk otherwise, it first goes to the
 * front of the disk, alone on it. `VOLUME_TOO_SMALL` where it is in its own way.
 */
async function freeTheRoom(
  exec: Exec,
  roots: Roots,
  medium: PrestagedMedium,
  { disk, table, onPlaced, startBytes }: LayOut & { startBytes: number },
  task: PartitionTask,
): Promise<PrestagedMedium> {
  const room = placedFrom(medium.partitions, startBytes);
  if (isThere(medium.partitions, room) || !overlap(medium.partitions, room)) return medium;
  const front = placedFrom(medium.partitions, FRONT);
  if (overlap(medium.partitions, front) || overlap(front, room)) throw noRoom(disk, medium);
  await copyTo(front, medium, roots, task);
  return changeTable(exec, medium, front, { disk, table: { ...table, partitions: [] }, onPlaced });
}

/** The same partitions, one behind the other. */
function placedFrom(partitions: readonly MediumPartition[], first: number): MediumPartition[] {
  let startBytes = first;
  return partitions.map((partition) => {
    const placed = { ...partition, startBytes };
    startBytes += mediumBytes([partition]);
    return placed;
  });
}

async function copyTo(
  places: readonly MediumPartition[],
  { disk, partitions }: PrestagedMedium,
  roots: Roots,
  { signal, onMove }: PartitionTask,
): Promise<void> {
  if (isThere(partitions, places)) return;
  const moves = partitions.map((from, index) => ({ from, startBytes: places[index]?.startBytes ?? 0 }));
  await copyPartitions(disk, moves, roots, {
    ...(signal !== undefined && { signal }),
    ...(onMove !== undefined && { onProgress: onMove }),
  });
}

/** Writes the table with the medium in these places, behind the others by number. Boot code is left as it is. */
async function changeTable(
  exec: Exec,
  { found, disk: device }: PrestagedMedium,
  places: readonly MediumPartition[],
  { disk, table, onPlaced }: LayOut,
): Promise<PrestagedMedium> {
  const { path } = found.mounted;
  const partitions = places.map((place, index) => {
    const number = table.partitions.length + index + 1;
    return { ...place, number, device: partitionDevice(device, number) };
  });
  const rows = places.map((place) => rowOf(place, table.style, disk.sectorBytes));
  const dataOf = (all: readonly MediumPartition[]) => all.find(({ role }) => role === 'data') ?? all[0];
  const data = dataOf(partitions)?.device ?? found.device;
  const after = { found: { ...found, device: data }, disk: device, partitions };
  let source = found.device;
  await exec(unmountArgv(path));
  try {
    await exec(['sfdisk', '--quiet', '--no-reread', '--wipe', 'never', '--wipe-partitions', 'never', device], {
      input: sfdiskScript(table, disk.sectorBytes, rows),
    });
    source = data;
    onPlaced(after);
    for (const partition of partitions) await nodeOf(partition.device);
  } finally {
    const fileSystem = dataOf(places)?.fileSystem ?? 'fat32';
    await exec(mountArgv(fileSystem, source, path, 'read'));
  }
  return after;
}

/** Pure: a partition of the medium in sfdisk's words. Firmware must go on starting from it. */
function rowOf({ role, fileSystem, startBytes, bytes }: MediumPartition, style: 'gpt' | 'mbr', sector: number): string {
  const place = `start=${startBytes / sector}, size=${bytes / sector}`;
  if (style === 'gpt') return `${place}, type=${role === 'boot' ? GPT_TYPES.system : GPT_TYPES.primary}`;
  if (role === 'boot') return `${place}, type=${MBR_TYPES.fat32}, bootable`;
  return `${place}, type=${fileSystem === 'fat32' ? MBR_TYPES.fat32 : MBR_TYPES.ntfs}`;
}

function isThere(partitions: readonly MediumPartition[], places: readonly MediumPartition[]): boolean {
  return partitions.every(({ startBytes }, index) => startBytes === places[index]?.startBytes);
}

function overlap(some: readonly MediumPartition[], others: readonly MediumPartition[]): boolean {
  return some.some((a) =>
    others.some((b) => a.startBytes < b.startBytes + b.bytes && b.startBytes < a.startBytes + a.bytes),
  );
}

function refuseTooMany({ style, partitions }: PartitionTable, ofMedium: number): void {
  const count = partitions.length + ofMedium;
  if (style === 'gpt' || count <= MBR_PARTITIONS) return;
  const message = `an MBR disk has at most ${MBR_PARTITIONS} partitions, and with the medium's there would be ${count}`;
  throw new MediasmithError('SEQUENCE_INVALID', message, {
    hint: 'Leave a volume out, or prestage the layout fat32, which has one. Nothing was changed.',
  });
}

/** A GPT lies where GRUB's core does, from which a BIOS starts the medium. */
async function refuseWithoutGrub(sys: string, { device }: Disk, { style }: PartitionTable): Promise<void> {
  if (style !== 'gpt' || !(await isMbr(device)) || (await isUefi(sys))) return;
  throw new MediasmithError(
    'SEQUENCE_INVALID',
    `${device} is to become GPT, and this BIOS starts its medium from an MBR`,
    {
      where: device,
      hint: 'Leave style at firmware, or switch the machine to UEFI and lay a medium with partitionTable gpt onto the disk. Nothing was changed.',
    },
  );
}

async function isMbr(device: string): Promise<boolean> {
  return tableIdentity(await readAt(device, 0, MIB))?.startsWith('mbr') === true;
}

function noRoom(disk: Disk, { partitions }: PrestagedMedium): MediasmithError {
  const bytes = formatBytes(mediumBytes(partitions));
  return new MediasmithError(
    'VOLUME_TOO_SMALL',
    `${disk.device} has ${formatBytes(disk.bytes)}: the prestaged medium of ${bytes} does not fit on it twice`,
    {
      lines: partitions.map(({ role, startBytes, bytes }) => `${role}: ${formatBytes(bytes)} at byte ${startBytes}`),
      hint: 'It is moved to the end of the disk before Windows is laid out. Use a larger disk, or a smaller medium. Nothing was changed.',
    },
  );
}
