import { MediasmithError } from '../../contract/errors.ts';
import { formatBytes } from '../../contract/format-bytes.ts';
import { imageRoomBytes } from '../../contract/image-room.ts';
import type { ManifestImage } from '../../contract/manifest.ts';
import { expandText } from '../../contract/variables.ts';
import { roomBytes } from '../../platform/content-room.ts';
import type { Partition, PartitionTable } from '../../platform/partition-table.ts';
import { volumeOfLayout } from '../../sequence/analysis/filled-volumes.ts';
import type { StepContext } from '../context.ts';
import type { VolumeWish } from './schema.ts';

type LaidOut = {
  table: PartitionTable;
  volumes: VolumeWish[] | undefined;
  /** Bytes that lie at the end of the largest volume until the hand-over. */
  beside: { content: number; medium: number };
};

/** An image that does not fit onto its volume, or onto any, is refused while the disk is still as it was. */
export function refuseTooSmall({ table, volumes, beside }: LaidOut, context: StepContext): void {
  const largest = table.partitions
    .filter(takesImages)
    .reduce<Partition | undefined>(
      (most, one) => (most === undefined || one.bytes > most.bytes ? one : most),
      undefined,
    );
  for (const image of context.images) {
    const { bytes, lines } = neededFor(image, beside);
    if (bytes <= (largest?.bytes ?? 0)) continue;
    throw tooSmall(image, bytes, `the largest volume would have ${formatBytes(largest?.bytes ?? 0)}`, lines);
  }
  for (const { image, volume: named, sure } of context.fills) {
    const volume = partitionNamed(named, table, volumes, context);
    if (volume === undefined) continue;
    const { bytes, lines } = neededFor(image, volume === largest ? beside : { content: 0, medium: 0 });
    if (bytes <= volume.bytes) continue;
    const error = tooSmall(image, bytes, `volume "${volume.name}" would have ${formatBytes(volume.bytes)}`, lines);
    if (sure) throw error;
    context.log('warning', `${error.message}: if its step runs, it fails`);
  }
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
    hint: 'Use a larger disk, or give the volume of the image more of it. Nothing was changed.',
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
