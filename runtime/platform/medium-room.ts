import { MediasmithError } from '../contract/errors.ts';
import { formatBytes } from '../contract/format-bytes.ts';
import type { PartitionTable } from './partition-table.ts';
import type { MediumRoom } from './platform.ts';

/** What must be left of a volume that gives room to a medium. */
const SMALLEST_BYTES = 256 * 1024 ** 2;

/**
 * The same table with room for a prestaged medium of so many bytes, whole MiB, at the end of its largest NTFS volume. Pure.
 * `VOLUME_TOO_SMALL` where that leaves too little of it; `SEQUENCE_INVALID` where there is an extended partition, because
 * firmware starts no medium that lies in one, and numbers would change under a medium that lies behind it.
 */
export function withMediumRoom(
  table: PartitionTable,
  mediumBytes: number,
): { table: PartitionTable; room: MediumRoom } {
  if (table.extended !== undefined) {
    throw new MediasmithError('SEQUENCE_INVALID', 'a disk with a prestaged medium cannot get an extended partition', {
      hint: 'Leave out the volumes of type extended and logical, or deploy from a stick. Nothing was changed.',
    });
  }
  const [largest] = table.partitions
    .map((partition, index) => ({ ...partition, index }))
    .filter(({ role, fileSystem }) => role === 'primary' && fileSystem === 'ntfs')
    .sort((a, b) => b.bytes - a.bytes);
  if (largest === undefined || largest.bytes - mediumBytes < SMALLEST_BYTES)
    throw tooSmall(largest?.bytes, mediumBytes);
  const bytes = largest.bytes - mediumBytes;
  const partitions = table.partitions.map((partition, index) =>
    index === largest.index ? { ...partition, bytes } : partition,
  );
  const room = { volume: largest.index + 1, startBytes: largest.startBytes + bytes, bytes: mediumBytes };
  return { table: { ...table, partitions }, room };
}

function tooSmall(largestBytes: number | undefined, mediumBytes: number): MediasmithError {
  const has =
    largestBytes === undefined
      ? 'there is no NTFS volume'
      : `the largest volume would have ${formatBytes(largestBytes)}`;
  return new MediasmithError(
    'VOLUME_TOO_SMALL',
    `the prestaged medium needs ${formatBytes(mediumBytes)} beside Windows until the end, ${has}`,
    { hint: 'Use a larger disk, or a medium with less on it. Nothing was changed.' },
  );
}
