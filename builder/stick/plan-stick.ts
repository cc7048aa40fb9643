import { MediasmithError } from '../../runtime/contract/errors.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { liesOnBootVolume } from '../../runtime/contract/manifest.ts';
import type { StickLayout, StickTable } from '../config/schema.ts';
import { EXFAT } from '../volumes/exfat/index.ts';
import { FAT32 } from '../volumes/fat32/index.ts';
import type { VolumeFile, VolumeFormat, VolumePlan } from '../volumes/volume.ts';
import { GPT_END_SECTORS, GPT_FIRST_USABLE, SECTOR, type StickPartition } from './partition-table.ts';
import type { StickIdentity } from './stick-identity.ts';

export const FORMATS: Readonly<Record<'fat32' | 'exfat', VolumeFormat>> = { fat32: FAT32, exfat: EXFAT };

/** A volume of a stick and where it begins. */
export type StickVolume = { partition: StickPartition; start: number; plan: VolumePlan };

export type StickPlan = { bytes: number; partitions: StickPartition[]; volumes: StickVolume[] };

export type StickWishes = {
  layout: StickLayout;
  partitionTable: StickTable;
  label: string;
  identity: StickIdentity;
  /** Of the stick; as large as it must be unless given. */
  bytes?: number | undefined;
};

const MIB = 1024 ** 2;
/** Where the first volume begins, as every partitioning program has it: GRUB's core lies before it. */
const FIRST = MIB;
/** Logs and results. */
const SPARE = 16 * MIB;
/** An update puts new boot files beside the old ones. */
const BOOT_SPARE = 64 * MIB;
const FAT_LABEL_LENGTH = 11;
/** What a master boot record can say: 32 bits of sectors. The rest of a larger stick stays unused. */
const MBR_BYTES = (2 ** 32 - 1) * SECTOR;

/** Where everything goes on a new stick. `NO_SPACE` with the sums, before anything is touched; names as the volumes say. */
export function planStick(files: readonly VolumeFile[], wishes: StickWishes): StickPlan {
  const { partitionTable, identity, label } = wishes;
  const { groups, sizes, used, end, needed, spare } = sizesOf(files, wishes);
  const most = partitionTable === 'mbr' ? MBR_BYTES : Number.POSITIVE_INFINITY;
  if (needed > most) throw tooLarge(needed);
  const bytes = wishes.bytes === undefined ? needed : Math.floor(wishes.bytes / SECTOR) * SECTOR;
  if (bytes < needed) throw tooSmall(files, { bytes, needed, spare });
  // Every volume begins and ends at a whole MiB, as the flash below likes it.
  const rest = alignDown(Math.min(bytes, most) - end) - used;
  let start = FIRST;
  const volumes = groups.map(({ role, fileSystem, files: own }, index): StickVolume => {
    const size = (sizes[index] ?? 0) + (index === 0 ? rest : 0);
    const partition: StickPartition = { role, fileSystem, start: start / SECTOR, sectors: size / SECTOR };
    const plan = FORMATS[fileSystem].format(own, {
      bytes: size,
      label: volumeLabel(label),
      volumeId: identity.volumeId(role),
      time: identity.time,
      hiddenSectors: partition.start,
    });
    const volume = { partition, start, plan };
    start += size;
    return volume;
  });
  const partitions = volumes.map(({ partition }) => partition);
  if (partitionTable === 'gpt') partitions.push(corePartition());
  return { bytes, partitions, volumes };
}

/** The smallest stick that holds these files, in bytes. `FILE_TOO_LARGE` and `NAME_NOT_ALLOWED` as the volumes say. */
export function smallestStick(
  files: readonly VolumeFile[],
  wishes: Pick<StickWishes, 'layout' | 'partitionTable'>,
): number {
  return sizesOf(files, wishes).needed;
}

/** As much of a medium's label as its volumes can hold. */
export function volumeLabel(label: string): string {
  return label.slice(0, FAT_LABEL_LENGTH);
}

/** `end`: what the table needs behind the volumes. `spare`: what is left free on purpose. All in bytes. */
type Sizes = { groups: Group[]; sizes: number[]; used: number; end: number; needed: number; spare: number };

function sizesOf(
  files: readonly VolumeFile[],
  { layout, partitionTable }: Pick<StickWishes, 'layout' | 'partitionTable'>,
): Sizes {
  const end = partitionTable === 'gpt' ? GPT_END_SECTORS * SECTOR : 0;
  const groups = groupsOf(files, layout);
  const spares = groups.map(({ role, files: own }) => spareOf(role, groups, own));
  const sizes = groups.map(({ fileSystem, files: own }, index) =>
    alignUp(FORMATS[fileSystem].bytesFor(own, spares[index] ?? 0)),
  );
  const used = FIRST + sum(sizes);
  return { groups, sizes, used, end, needed: alignUp(used + end), spare: sum(spares) };
}

type Group = { role: 'data' | 'boot'; fileSystem: 'fat32' | 'exfat'; files: VolumeFile[] };

/** The data comes first: older versions of Windows show the first partition of a stick and no other. */
function groupsOf(files: readonly VolumeFile[], layout: StickLayout): Group[] {
  if (layout === 'fat32') return [{ role: 'boot', fileSystem: 'fat32', files: [...files] }];
  const boot = files.filter(({ path }) => liesOnBootVolume(path));
  const data = files.filter(({ path }) => !liesOnBootVolume(path));
  return [
    { role: 'data', fileSystem: 'exfat', files: data },
    { role: 'boot', fileSystem: 'fat32', files: boot },
  ];
}

/** Of two volumes the one to start from keeps its size for ever, so it gets room for a second set of boot files. */
function spareOf(role: Group['role'], groups: readonly Group[], files: readonly VolumeFile[]): number {
  return role === 'boot' && groups.length > 1 ? BOOT_SPARE + sum(files.map(({ bytes }) => bytes)) : SPARE;
}

/** All there is between the table and the first volume. */
function corePartition(): StickPartition {
  const start = coreSector('gpt');
  return { role: 'core', fileSystem: 'none', start, sectors: FIRST / SECTOR - start };
}

/** Where GRUB's core begins. */
export function coreSector(table: StickTable): number {
  return table === 'mbr' ? 1 : alignTo(GPT_FIRST_USABLE, 8);
}

/** What there is for GRUB's core, in bytes. */
export function coreRoom(table: StickTable): number {
  return FIRST - coreSector(table) * SECTOR;
}

function tooLarge(needed: number): MediasmithError {
  return new MediasmithError('NO_SPACE', `${formatBytes(needed)} are needed, and a master boot record ends at 2 TiB`, {
    hint: 'Use the partition table gpt. Nothing was written.',
  });
}

type Room = { bytes: number; needed: number; spare: number };

function tooSmall(files: readonly VolumeFile[], { bytes, needed, spare }: Room): MediasmithError {
  const parts = Map.groupBy(files, ({ path }) =>
    path
      .split('/')
      .slice(0, path.startsWith('mediasmith/') ? 2 : 1)
      .join('/'),
  );
  const sums = [...parts].map(([path, own]) => ({ path, bytes: sum(own.map((file) => file.bytes)) }));
  const content = sum(files.map((file) => file.bytes));
  const rest = [
    { path: 'kept free, for results and later updates', bytes: spare },
    { path: 'tables, and what file systems need', bytes: needed - content - spare },
  ];
  const message = `${formatBytes(needed)} are needed, it has ${formatBytes(bytes)}: ${needed - bytes} bytes too few`;
  return new MediasmithError('NO_SPACE', message, {
    lines: [...sums.sort((a, b) => b.bytes - a.bytes), ...rest].map(
      (part) => `${formatBytes(part.bytes).padStart(10)}  ${part.path}`,
    ),
    hint: 'Use a larger stick, or leave something out. Nothing was written.',
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const alignTo = (value: number, unit: number): number => Math.ceil(value / unit) * unit;
const alignUp = (value: number): number => alignTo(value, MIB);
const alignDown = (value: number): number => Math.floor(value / MIB) * MIB;
