import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { ClusterPlace } from '../shared/clusters.ts';

const SECTOR_BYTES = 512;
const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
/** The exFAT specification's smallest volume. */
const SMALLEST_BYTES = MIB;
/** The two boot regions of twelve sectors. */
const BOOT_BYTES = 24 * SECTOR_BYTES;
/** The two entries before the first cluster's. */
const FAT_HEAD = 2;
export const FAT_ENTRY_BYTES = 4;

/** Where the parts of a volume lie; all but the count in bytes. */
export type Layout = ClusterPlace & {
  bytes: number;
  sectorBytes: number;
  fatOffset: number;
  fatBytes: number;
  clusterCount: number;
};

/** Up to which size a volume is laid out so: Windows' cluster sizes, aligned for flash memory where that costs little. */
const CLASSES = [
  { upTo: 16 * MIB, clusterBytes: 4 * KIB, alignment: 4 * KIB },
  { upTo: 256 * MIB, clusterBytes: 4 * KIB, alignment: MIB },
  { upTo: 32 * GIB, clusterBytes: 32 * KIB, alignment: MIB },
  { upTo: Number.MAX_SAFE_INTEGER, clusterBytes: 128 * KIB, alignment: MIB },
];
type SizeClass = (typeof CLASSES)[number];

/**
 * The layout of a new volume; one that is larger never has fewer clusters of the same size. Where one cluster more would
 * move all of them by a whole alignment, they end where the volume ends. `NO_SPACE` below 1 MiB.
 */
export function layoutFor(bytes: number): Layout {
  const size = CLASSES.find(({ upTo }) => bytes <= upTo);
  if (!size || bytes < SMALLEST_BYTES) {
    throw new MediasmithError('NO_SPACE', `an exFAT volume needs ${SMALLEST_BYTES} bytes, there are ${bytes}`, {
      hint: 'Take a larger stick.',
    });
  }
  let clusterCount = Math.floor(bytes / size.clusterBytes);
  while (bytesOf(clusterCount, size) > bytes) clusterCount -= 1;
  const places = placesOf(clusterCount, size);
  const spare = Math.floor((bytes - bytesOf(clusterCount, size)) / size.clusterBytes) * size.clusterBytes;
  return { bytes, sectorBytes: SECTOR_BYTES, clusterCount, ...places, dataOffset: places.dataOffset + spare };
}

/** The smallest volume with as many clusters as `needed` says for its number of clusters and their size. */
export function smallestVolume(needed: (clusterCount: number, clusterBytes: number) => number): number {
  let larger = SMALLEST_BYTES;
  for (const size of CLASSES) {
    let count = 1;
    while (needed(count, size.clusterBytes) > count) count = needed(count, size.clusterBytes);
    const bytes = Math.max(bytesOf(count, size), larger);
    if (bytes <= size.upTo) return bytes;
    larger = size.upTo + SECTOR_BYTES;
  }
  throw new Error('no volume is large enough');
}

function bytesOf(clusterCount: number, size: SizeClass): number {
  return placesOf(clusterCount, size).dataOffset + clusterCount * size.clusterBytes;
}

function placesOf(clusterCount: number, { clusterBytes, alignment }: SizeClass) {
  const fatOffset = alignUp(BOOT_BYTES, alignment);
  const fatBytes = alignUp((clusterCount + FAT_HEAD) * FAT_ENTRY_BYTES, SECTOR_BYTES);
  return { fatOffset, fatBytes, dataOffset: alignUp(fatOffset + fatBytes, alignment), clusterBytes };
}

function alignUp(bytes: number, alignment: number): number {
  return Math.ceil(bytes / alignment) * alignment;
}
