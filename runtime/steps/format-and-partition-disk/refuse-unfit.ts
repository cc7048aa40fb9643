import { MediasmithError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import { imageRoomBytes } from '../../contract/image-room.ts';
import type { ManifestImage } from '../../contract/manifest.ts';
import { expandText } from '../../contract/variables.ts';
import { roomBytes } from '../../platform/content-room.ts';
import type { Partition, PartitionTable } from '../../platform/partition-table.ts';
import { volumeOfLayout } from '../../sequence/analysis/filled-volumes.ts';
import type { Fill, StepContext } from '../context.ts';
import { whyNoPlace } from '../image-place.ts';
import type { VolumeWish } from './schema.ts';

type LaidOut = {
  table: PartitionTable;
  volumes: VolumeWish[] | undefined;
  /** Bytes that lie at the end of the largest volume until the hand-over. */
  beside: { content: number; medium: number };
};

/** An image that its volume cannot take, or none can, is refused while the disk is still as it was. */
export function refuseUnfit({ table, volumes, beside }: LaidOut, context: StepContext): void {
  const largest = table.partitions
    .filter(takesImages)
    .reduce<Partition | undefined>(
      (most, one) => (most === undefined || one.bytes > most.bytes ? one : most),
      undefined,
    );
  for (const fill of context.fills) {
    const volume = fill.volume === undefined ? undefined : partitionNamed(fill.volume, table, volumes, context);
    const error =
      volume === undefined
        ? missing(fill, table, largest, beside)
        : (unfit(fill, volume, volume === largest ? beside : ALONE) ?? neverStarts(fill, table));
    if (error === undefined) continue;
    if (fill.sure) throw error;
    context.log('warning', `${error.message}: if its step runs, it fails`);
  }
}

const ALONE: LaidOut['beside'] = { content: 0, medium: 0 };
const UNCHANGED = 'Nothing was changed.';

/** Of a variable nobody knows what it will be: a volume that is larger than the largest it cannot be. */
function missing(
  { image, volume, elsewhere }: Fill,
  { partitions }: PartitionTable,
  largest: Partition | undefined,
  beside: LaidOut['beside'],
): MediasmithError | undefined {
  if (elsewhere) return undefined;
  if (volume === undefined || volume.includes('%')) {
    const { bytes, lines } = neededFor(image, beside);
    const has = `the largest volume would have ${formatBytes(largest?.bytes ?? 0)}`;
    return bytes <= (largest?.bytes ?? 0) ? undefined : tooSmall(image, bytes, has, lines);
  }
  return new MediasmithError(
    'VOLUME_NOT_FOUND',
    `image "${image.name}" is for volume "${volume}", which is not laid out`,
    {
      hint: `The disk would have: ${partitions.map(({ name }) => name).join(', ')}. ${UNCHANGED}`,
    },
  );
}

function unfit({ image, kind }: Fill, volume: Partition, beside: LaidOut['beside']): MediasmithError | undefined {
  const why = whyNoPlace(kind, volume);
  if (why !== undefined)
    return new MediasmithError('STEP_FAILED', `volume "${volume.name}" cannot take image "${image.name}": it ${why}`, {
      hint: `Name another volume, or lay it out in another way. ${UNCHANGED}`,
    });
  const { bytes, lines } = neededFor(image, beside);
  if (bytes <= volume.bytes) return undefined;
  return tooSmall(image, bytes, `volume "${volume.name}" would have ${formatBytes(volume.bytes)}`, lines);
}

/** A layout may come from variables, and with `style: firmware` the machine decides which of its volumes would be needed. */
function neverStarts({ image, kind }: Fill, { style, partitions }: PartitionTable): MediasmithError | undefined {
  if (kind !== 'windows' || partitions.some(startsFirmware)) return undefined;
  const [needed, hint] =
    style === 'gpt'
      ? ['volume of type efi', 'Add one of 260 MB to the volumes.']
      : ['bootable volume', 'Mark one as bootable: the first, or that of Windows.'];
  const message = `image "${image.name}" would never start: the disk would have no ${needed}`;
  return new MediasmithError('VOLUME_NOT_FOUND', message, { hint: `${hint} ${UNCHANGED}` });
}

/** UEFI reads FAT, and the boot files of a BIOS lie on NTFS or FAT. */
function startsFirmware({ role, active, fileSystem }: Partition): boolean {
  return role === 'system' && (active ? fileSystem !== 'none' : fileSystem === 'fat32');
}

/** An active volume may be that of Windows. */
function takesImages({ role, fileSystem, noLetter }: Partition): boolean {
  return noLetter !== true && (role === 'primary' || (role === 'system' && fileSystem === 'ntfs'));
}

function neededFor(image: ManifestImage, beside: LaidOut['beside']): { bytes: number; lines: string[] } {
  const applied = imageRoomBytes(image.bytes);
  const sums = [
    `the image: ${formatBytes(applied)}`,
    ...(beside.content > 0 ? [`the content of the medium, until the end: ${formatBytes(beside.content)}`] : []),
    ...(beside.medium > 0 ? [`the prestaged medium, until the end: ${formatBytes(beside.medium)}`] : []),
  ];
  const bytes = applied + (beside.content === 0 ? 0 : roomBytes(beside.content)) + beside.medium;
  return { bytes, lines: sums.length > 1 ? sums : [] };
}

function tooSmall({ name }: ManifestImage, bytes: number, has: string, lines: readonly string[]): MediasmithError {
  return new MediasmithError('VOLUME_TOO_SMALL', `image "${name}" needs ${formatBytes(bytes)}, ${has}`, {
    lines,
    hint: `Use a larger disk, or give the volume of the image more of it. ${UNCHANGED}`,
  });
}

/** A variable that this layout sets has no value yet, or an older one. */
function partitionNamed(
  named: string,
  { partitions }: PartitionTable,
  volumes: VolumeWish[] | undefined,
  { variables }: StepContext,
): Partition | undefined {
  const wish = volumeOfLayout(volumes ?? [], named);
  const made = volumes?.filter(({ type }) => type !== 'extended') ?? [];
  const at = wish === undefined ? -1 : made.indexOf(wish);
  const name = expandText(named, variables).toLowerCase();
  return partitions[at] ?? partitions.find((partition) => partition.name.toLowerCase() === name);
}
