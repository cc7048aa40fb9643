import { MediasmithError } from '../contract/errors.ts';
import { formatBytes } from '../contract/format-bytes.ts';
import { linuxNumbers, type PartitionTable } from './partition-table.ts';
import type { ContentRoom } from './platform.ts';

const MIB = 1024 ** 2;
/** What NTFS takes for itself of a volume that holds content: its journal and its tables. */
const OVERHEAD = { share: 0.02, bytes: 80 * MIB };
/** What must be left of a volume that gives room to it. */
const SMALLEST_BYTES = 256 * MIB;

/** What a volume must have for content of so many bytes. */
export function roomBytes(contentBytes: number): number {
  return Math.ceil((contentBytes * (1 + OVERHEAD.share) + OVERHEAD.bytes) / MIB) * MIB;
}

/**
 * The end of the largest NTFS volume, as room for content until the hand-over. Pure. `VOLUME_TOO_SMALL` where that leaves
 * too little of it.
 */
export function contentRoom(table: PartitionTable, contentBytes: number): ContentRoom {
  const numbers = linuxNumbers(table);
  const [largest] = table.partitions
    .map((partition, index) => ({ ...partition, number: numbers[index] ?? index + 1 }))
    .filter(({ role, fileSystem }) => role === 'primary' && fileSystem === 'ntfs')
    .sort((a, b) => b.bytes - a.bytes);
  const room = roomBytes(contentBytes);
  if (largest !== undefined && largest.bytes - room >= SMALLEST_BYTES)
    return { volume: largest.number, offsetBytes: largest.bytes - room };
  const has =
    largest === undefined ? 'there is no NTFS volume' : `the largest volume would have ${formatBytes(largest.bytes)}`;
  throw new MediasmithError(
    'VOLUME_TOO_SMALL',
    `the content of the medium needs ${formatBytes(room)} beside Windows until the end, ${has}`,
    {
      lines: [`content: ${formatBytes(contentBytes)}`, `for Windows at least: ${formatBytes(SMALLEST_BYTES)}`],
      hint: 'Use a larger disk, or a medium that is not copied first. Nothing was changed.',
    },
  );
}
