import { MediasmithError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import { parseSize } from '../../contract/size.ts';
import type { Partition, PartitionTable } from '../../platform/partition-table.ts';
import type { VolumeWish } from './schema.ts';

const MIB = 1024 ** 2;
/** The first partition begins here; the space before it holds the tables and, on MBR disks, the boot code. */
const START = MIB;
/** The backup GPT lies at the end; on MBR disks the space stays free for a later conversion. */
const END_RESERVE = MIB;
const MBR_PRIMARIES = 4;
const MBR_LIMIT = 2 ** 32 * 512;

/** Microsoft: "UEFI/GPT-based hard drive partitions"; 260 MB also suits 4K-native disks. */
const WINDOWS_GPT: readonly VolumeWish[] = [
  { type: 'efi', name: 'System', size: '260 MB' },
  { type: 'msr', size: '16 MB' },
  { type: 'primary', name: 'Windows', size: 'rest' },
  { type: 'recovery', name: 'Recovery', size: '990 MB' },
];

/** Microsoft: "BIOS/MBR-based hard drive partitions". */
const WINDOWS_MBR: readonly VolumeWish[] = [
  { type: 'primary', name: 'System', size: '100 MB', bootable: true },
  { type: 'primary', name: 'Windows', size: 'rest' },
  { type: 'recovery', name: 'Recovery', size: '990 MB' },
];

export type LayoutWish = { style: 'gpt' | 'mbr'; volumes: readonly VolumeWish[] | undefined };

/**
 * The partition table for a disk of `diskBytes`. Pure: `newGuid` makes each GUID. Throws `VOLUME_TOO_SMALL` when the
 * disk cannot hold it and `SEQUENCE_INVALID` for a wish no table of this style can hold.
 */
export function layoutDisk(wish: LayoutWish, diskBytes: number, newGuid: () => string): PartitionTable {
  const { style } = wish;
  const volumes = wish.volumes ?? (style === 'gpt' ? WINDOWS_GPT : WINDOWS_MBR);
  refuseImpossible(style, volumes);
  const end = alignDown(style === 'mbr' ? Math.min(diskBytes, MBR_LIMIT) : diskBytes) - END_RESERVE;
  const sizes = sizeVolumes(volumes, end - START, diskBytes);
  let startBytes = START;
  const partitions = volumes.map((volume, index): Partition => {
    const bytes = sizes[index] ?? 0;
    const partition = describePartition(style, volume, index, startBytes, bytes, newGuid);
    startBytes += bytes;
    return partition;
  });
  const twice = partitions.find(
    ({ name }, index) => partitions.findIndex((other) => sameName(other.name, name)) < index,
  );
  if (twice !== undefined) refuse(`two volumes are named "${twice.name}"`);
  const identity = newGuid();
  return { style, identity: style === 'gpt' ? identity : identity.slice(0, 8).toLowerCase(), partitions };
}

function describePartition(
  style: 'gpt' | 'mbr',
  volume: VolumeWish,
  index: number,
  startBytes: number,
  bytes: number,
  newGuid: () => string,
): Partition {
  const active = style === 'mbr' && volume.bootable === true;
  const role = volume.type === 'efi' || active ? 'system' : volume.type;
  const fallback = { efi: 'fat32', msr: 'none', primary: 'ntfs', recovery: 'ntfs' } as const;
  return {
    role,
    name: volume.name ?? { system: 'System', msr: 'MSR', primary: `Volume${index + 1}`, recovery: 'Recovery' }[role],
    startBytes,
    bytes,
    fileSystem: volume.fileSystem ?? fallback[volume.type],
    active,
    ...(style === 'gpt' && { guid: newGuid() }),
  };
}

/** Fixed sizes come first, a percentage is of what they leave, `rest` is what then remains. */
function sizeVolumes(volumes: readonly VolumeWish[], space: number, diskBytes: number): number[] {
  const fixed = volumes.map(({ size }) => (/[%]|rest/.test(size) ? 0 : alignUp(parseSize(size))));
  const free = space - sum(fixed);
  const withPercent = volumes.map(({ size }, index) =>
    size.endsWith('%') ? alignDown((free * Number.parseInt(size, 10)) / 100) : (fixed[index] ?? 0),
  );
  const remaining = space - sum(withPercent);
  const sizes = volumes.map(({ size }, index) => (size === 'rest' ? remaining : (withPercent[index] ?? 0)));
  if (remaining < 0 || sizes.some((bytes) => bytes < MIB)) {
    throw new MediasmithError('VOLUME_TOO_SMALL', `the disk has ${formatBytes(diskBytes)}: too small for this layout`, {
      lines: volumes.map(({ type, name, size }) => `${name ?? type}: ${size}`),
      hint: 'Choose a larger disk with the rules, or smaller volumes. Nothing was changed.',
    });
  }
  return sizes;
}

function refuse(message: string): never {
  throw new MediasmithError('SEQUENCE_INVALID', message, {
    hint: 'Correct the volumes of this step. Nothing was changed.',
  });
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function refuseImpossible(style: 'gpt' | 'mbr', volumes: readonly VolumeWish[]): void {
  if (volumes.filter(({ size }) => size === 'rest').length > 1)
    refuse('more than one volume is to take the rest of the disk');
  if (style === 'gpt') return;
  if (volumes.length > MBR_PRIMARIES)
    refuse(`an MBR disk has at most ${MBR_PRIMARIES} primary partitions, ${volumes.length} are asked`);
  const gptOnly = volumes.find(({ type }) => type === 'efi' || type === 'msr');
  if (gptOnly !== undefined)
    refuse(`a volume of type ${gptOnly.type} exists on GPT disks only, and this disk becomes MBR`);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const alignUp = (bytes: number): number => Math.ceil(bytes / MIB) * MIB;
const alignDown = (bytes: number): number => Math.floor(bytes / MIB) * MIB;
