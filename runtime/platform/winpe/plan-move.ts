import { MediasmithError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import { withMediumRoom } from '../medium-room.ts';
import type { PartitionTable } from '../partition-table.ts';
import type { MediumRoom } from '../platform.ts';
import { type DiskPartition, type MediumFileSystem, type MediumPartition, wholeMebibytes } from './prestaged-medium.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** Windows makes no larger one (Microsoft: "format"). */
const LARGEST_FAT32 = 32 * GIB;
const MBR_PARTITIONS = 4;
/** What NTFS takes for itself where exFAT takes next to nothing: its log, its table of files, its bitmap. */
const NTFS_BYTES = 128 * MIB;
const NTFS_SHARE = 64;

/** Where a volume of the medium is to lie. */
export type MediumPlace = Pick<MediumPartition, 'role' | 'fileSystem' | 'startBytes' | 'bytes'>;

export type MovePlan = {
  /** The table with the room for the medium. */
  table: PartitionTable;
  room: MediumRoom;
  /** None where the medium lies in its room already. */
  moves: readonly (readonly MediumPlace[])[];
};

export type MoveWish = {
  device: string;
  style: 'gpt' | 'mbr';
  partitions: readonly MediumPartition[];
  table: PartitionTable;
  makesExfat: boolean;
};

/**
 * How a prestaged medium gets out of the way of the table that is wanted. Pure, and before anything is changed.
 * `DISK_NOT_CHOSEN` and `VOLUME_TOO_SMALL` where it cannot.
 */
export function planMove({ device, style, partitions, table, makesExfat }: MoveWish): MovePlan {
  refuseImpossible(device, style, { partitions, table });
  const wanted = ['data', 'boot']
    .flatMap((role) => partitions.filter((partition) => partition.role === role))
    .map((partition) => ({ role: partition.role, ...volumeFor(partition, makesExfat) }));
  const bytes = wanted.reduce((sum, volume) => sum + volume.bytes, 0);
  const placesFrom = (startBytes: number): MediumPlace[] => {
    let next = startBytes;
    return wanted.map((volume) => {
      const place = { ...volume, startBytes: next };
      next += volume.bytes;
      return place;
    });
  };
  const { table: smaller, room } = withMediumRoom(table, bytes);
  const plan = (...starts: number[]): MovePlan => ({ table: smaller, room, moves: starts.map(placesFrom) });
  if (partitions.every((partition) => liesIn(partition, room))) return plan();
  if (!partitions.some((partition) => overlaps(partition, room))) return plan(room.startBytes);
  const end = Math.max(...table.partitions.map((partition) => partition.startBytes + partition.bytes));
  const first = table.partitions[0]?.startBytes ?? MIB;
  const gap = findGap([...partitions, room], { first, end, bytes });
  if (gap !== undefined) return plan(gap, room.startBytes);
  throw new MediasmithError('VOLUME_TOO_SMALL', `${device} has no place for the medium beside the one it has now`, {
    lines: [
      ...partitions.map((partition) => `the medium lies ${describe(partition)}`),
      `it is to lie ${describe(room)} until the end`,
    ],
    hint: 'Use a larger disk. Nothing was changed.',
  });
}

/** Whether a partition lies wholly in a room. */
export function liesIn(
  partition: Pick<DiskPartition, 'startBytes' | 'bytes'>,
  room: Pick<MediumRoom, 'startBytes' | 'bytes'>,
): boolean {
  return (
    partition.startBytes >= room.startBytes && partition.startBytes + partition.bytes <= room.startBytes + room.bytes
  );
}

type Extent = { startBytes: number; bytes: number };

function overlaps(a: Extent, b: Extent): boolean {
  return a.startBytes < b.startBytes + b.bytes && b.startBytes < a.startBytes + a.bytes;
}

/** The first place that is large enough and that nobody has, in whole MiB. */
function findGap(
  taken: readonly Extent[],
  { first, end, bytes }: { first: number; end: number; bytes: number },
): number | undefined {
  let start = first;
  for (const extent of taken.toSorted((a, b) => a.startBytes - b.startBytes)) {
    if (extent.startBytes - start >= bytes) return start;
    start = Math.max(start, wholeMebibytes(extent.startBytes + extent.bytes));
  }
  return end - start >= bytes ? start : undefined;
}

/**
 * As large as it is, because Windows and the builder make the same clusters: all files fit again. Every WinPE makes NTFS,
 * which starts no machine and takes more; one that has lost its part for exFAT makes that of it.
 */
function volumeFor(
  { fileSystem, bytes }: MediumPartition,
  makesExfat: boolean,
): { fileSystem: MediumFileSystem; bytes: number } {
  const size = wholeMebibytes(bytes);
  if (fileSystem !== 'exfat' || makesExfat) return { fileSystem, bytes: size };
  return { fileSystem: 'ntfs', bytes: wholeMebibytes(size + size / NTFS_SHARE) + NTFS_BYTES };
}

function refuseImpossible(
  device: string,
  style: 'gpt' | 'mbr',
  { partitions, table }: Pick<MoveWish, 'partitions' | 'table'>,
): void {
  if (table.style !== style) {
    throw refusal(
      `${device} has a table of the style ${style} with the medium on it, and is to become ${table.style}`,
      `Have the step ask for the style ${style}, or put a medium with the partition table ${table.style} onto the disk.`,
    );
  }
  if (style === 'mbr' && table.partitions.length + partitions.length > MBR_PARTITIONS) {
    throw refusal(
      `an MBR disk has ${MBR_PARTITIONS} partitions: ${table.partitions.length} are asked, and the medium has ${partitions.length}`,
      'Ask for fewer volumes, or build the medium with the layout fat32, which has one.',
    );
  }
  const large = partitions.find(({ fileSystem, bytes }) => fileSystem === 'fat32' && bytes > LARGEST_FAT32);
  if (large === undefined) return;
  throw refusal(
    `the medium has ${formatBytes(large.bytes)} on FAT32, and Windows makes ${formatBytes(LARGEST_FAT32)} at most`,
    'Build the medium with the layout fat32+exfat.',
  );
}

function refusal(message: string, hint: string): MediasmithError {
  return new MediasmithError('DISK_NOT_CHOSEN', message, { hint: `${hint} Nothing was changed.` });
}

function describe({ startBytes, bytes }: Extent): string {
  return `from ${formatBytes(startBytes)} to ${formatBytes(startBytes + bytes)}`;
}
