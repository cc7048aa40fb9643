import { MediasmithError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import { parseSize } from '../../contract/size.ts';
import { type PartitionStyle, volumeProblems } from '../../contract/volume-rules.ts';
import type { Partition, PartitionTable } from '../../platform/partition-table.ts';
import type { VolumeWish } from './schema.ts';

const MIB = 1024 ** 2;
/** The first partition begins here; the space before it holds the tables and, on MBR disks, the boot code. */
const START = MIB;
/** The backup GPT lies at the end; on MBR disks the space stays free for a later conversion. */
const END_RESERVE = MIB;
/** Before each logical volume, for the record that describes it: what Windows and sfdisk leave, and the alignment. */
const LOGICAL_GAP = MIB;
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

export type LayoutWish = { style: PartitionStyle; volumes: readonly VolumeWish[] | undefined };

/**
 * The partition table for a disk of `diskBytes`. Pure: `newGuid` makes each GUID. Throws `VOLUME_TOO_SMALL` when the
 * disk cannot hold it and `SEQUENCE_INVALID` for a wish no table of this style can hold.
 */
export function layoutDisk(wish: LayoutWish, diskBytes: number, newGuid: () => string): PartitionTable {
  const { style } = wish;
  const volumes = wish.volumes ?? (style === 'gpt' ? WINDOWS_GPT : WINDOWS_MBR);
  refuseImpossible(style, volumes);
  const end = alignDown(style === 'mbr' ? Math.min(diskBytes, MBR_LIMIT) : diskBytes) - END_RESERVE;
  const places = placeVolumes(volumes, end - START, diskBytes);
  const partitions = volumes.flatMap((volume, index): Partition[] =>
    volume.type === 'extended' ? [] : [describePartition(style, volume, index, places[index] ?? NOWHERE, newGuid)],
  );
  const extended = places[volumes.findIndex(({ type }) => type === 'extended')];
  const twice = partitions.find(
    ({ name }, index) => partitions.findIndex((other) => sameName(other.name, name)) < index,
  );
  if (twice !== undefined) refuse(`two volumes are named "${twice.name}"`);
  const identity = newGuid();
  return {
    style,
    identity: style === 'gpt' ? identity : identity.slice(0, 8).toLowerCase(),
    partitions,
    ...(extended !== undefined && { extended }),
  };
}

type Place = { startBytes: number; bytes: number };
const NOWHERE: Place = { startBytes: 0, bytes: 0 };

function describePartition(
  style: PartitionStyle,
  volume: VolumeWish,
  index: number,
  place: Place,
  newGuid: () => string,
): Partition {
  const { type } = volume;
  const active = style === 'mbr' && volume.bootable === true;
  const role = type === 'efi' || active ? 'system' : type === 'logical' || type === 'extended' ? 'primary' : type;
  const other = `Volume${index + 1}`;
  const names = { system: 'System', msr: 'MSR', primary: other, hidden: other, recovery: 'Recovery' } as const;
  return {
    role,
    name: volume.name ?? names[role],
    ...place,
    fileSystem: volume.fileSystem ?? (type === 'efi' ? 'fat32' : type === 'msr' ? 'none' : 'ntfs'),
    active,
    ...(type === 'logical' && { logical: true }),
    ...(style === 'gpt' && { guid: newGuid() }),
    ...(volume.quickFormat === false && { fullFormat: true }),
    ...(volume.assignVolumeLetter === false && { noLetter: true }),
  };
}

/** Logical volumes share the extended one as the others share the disk. */
function placeVolumes(volumes: readonly VolumeWish[], space: number, diskBytes: number): Place[] {
  const isLogical = ({ type }: VolumeWish): boolean => type === 'logical';
  const logical = volumes.filter(isLogical);
  const outer = volumes.filter((volume) => !isLogical(volume));
  const outerSizes = sizeVolumes(outer, space, `the disk has ${formatBytes(diskBytes)}: too small for this layout`);
  const extendedBytes = outerSizes[outer.findIndex(({ type }) => type === 'extended')] ?? 0;
  const tooSmall = `the extended volume has ${formatBytes(extendedBytes)}: too small for the logical ones`;
  const logicalSizes = sizeVolumes(logical, extendedBytes - logical.length * LOGICAL_GAP, tooSmall);
  let [next, nextLogical] = [START, START];
  return volumes.map((volume) => {
    if (isLogical(volume)) {
      const place = { startBytes: nextLogical + LOGICAL_GAP, bytes: logicalSizes.shift() ?? 0 };
      nextLogical = place.startBytes + place.bytes;
      return place;
    }
    const place = { startBytes: next, bytes: outerSizes.shift() ?? 0 };
    if (volume.type === 'extended') nextLogical = place.startBytes;
    next += place.bytes;
    return place;
  });
}

/** Fixed sizes come first, a percentage is of what they leave, `rest` is what then remains. */
function sizeVolumes(volumes: readonly VolumeWish[], space: number, tooSmall: string): number[] {
  const fixed = volumes.map(({ size }) => (/[%]|rest/.test(size) ? 0 : alignUp(parseSize(size))));
  const free = space - sum(fixed);
  const withPercent = volumes.map(({ size }, index) =>
    size.endsWith('%') ? alignDown((free * Number.parseInt(size, 10)) / 100) : (fixed[index] ?? 0),
  );
  const remaining = space - sum(withPercent);
  const sizes = volumes.map(({ size }, index) => (size === 'rest' ? remaining : (withPercent[index] ?? 0)));
  if (sizes.length > 0 && (remaining < 0 || sizes.some((bytes) => bytes < MIB))) {
    throw new MediasmithError('VOLUME_TOO_SMALL', tooSmall, {
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

function refuseImpossible(style: PartitionStyle, volumes: readonly VolumeWish[]): void {
  const [problem] = volumeProblems(style, volumes);
  if (problem === undefined) return;
  const { volume, message } = problem;
  refuse(volume === undefined ? message : `volume ${volume + 1}: ${message}`);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const alignUp = (bytes: number): number => Math.ceil(bytes / MIB) * MIB;
const alignDown = (bytes: number): number => Math.floor(bytes / MIB) * MIB;
