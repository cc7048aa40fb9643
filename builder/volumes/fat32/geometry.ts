import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { formatBytes } from '../../../runtime/contract/format-bytes.ts';
import { type ClusterPlace, FIRST_CLUSTER } from '../shared/clusters.ts';

/** Where the parts of a FAT32 volume lie. Sectors are of `sectorBytes`, offsets of bytes from the volume's start. */
export type Geometry = {
  sectorBytes: number;
  totalSectors: number;
  reservedSectors: number;
  fats: number;
  sectorsPerFat: number;
  clusters: number;
  place: ClusterPlace;
};

export const SECTOR = 512;
export const ENTRY_BYTES = 4;

const KIB = 1024;
const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** With fewer clusters a volume is FAT16 (Microsoft's FAT specification); it asks to keep 16 away from that border. */
const LEAST_CLUSTERS = 65_525 + 16;
const LEAST_RESERVED = 32;
const FATS = 2;
const LARGEST_TOTAL = 2 ** 32 - 1;

/** Cluster sizes as Microsoft's format chooses them; the limits of the small ones leave enough clusters above each. */
const TIERS: readonly { upTo: number; clusterBytes: number }[] = [
  { upTo: 66 * MIB, clusterBytes: SECTOR },
  { upTo: 132 * MIB, clusterBytes: KIB },
  { upTo: 264 * MIB, clusterBytes: 2 * KIB },
  { upTo: 8 * GIB, clusterBytes: 4 * KIB },
  { upTo: 16 * GIB, clusterBytes: 8 * KIB },
  { upTo: 32 * GIB, clusterBytes: 16 * KIB },
  { upTo: LARGEST_TOTAL * SECTOR, clusterBytes: 32 * KIB },
];

/** The geometry of a new volume: at most 2 TiB of the bytes there are. `NO_SPACE` where they are too few for FAT32. */
export function geometryFor(bytes: number): Geometry {
  const geometry = layOut(bytes);
  if (geometry.clusters >= LEAST_CLUSTERS) return geometry;
  throw new MediasmithError('NO_SPACE', `${formatBytes(bytes)} are too few for FAT32`, {
    hint: `Use a volume of at least ${formatBytes(smallestVolume(() => 1))}.`,
  });
}

/** The same, with clusters that may be too few for FAT32. */
function layOut(bytes: number): Geometry {
  const total = Math.min(Math.floor(bytes / SECTOR), LARGEST_TOTAL);
  const clusterBytes = TIERS.find(({ upTo }) => total * SECTOR <= upTo)?.clusterBytes ?? 32 * KIB;
  const perCluster = clusterBytes / SECTOR;
  const perFatSector = SECTOR / ENTRY_BYTES;
  // As many as the clusters need that are left when this many are taken from them.
  const sectorsPerFat = Math.ceil(
    (total - LEAST_RESERVED + FIRST_CLUSTER * perCluster) / (perFatSector * perCluster + FATS),
  );
  const align = alignment(bytes) / SECTOR;
  const dataSector = Math.ceil((LEAST_RESERVED + FATS * sectorsPerFat) / align) * align;
  const clusters = Math.floor((total - dataSector) / perCluster);
  return {
    sectorBytes: SECTOR,
    totalSectors: total,
    reservedSectors: dataSector - FATS * sectorsPerFat,
    fats: FATS,
    sectorsPerFat,
    clusters,
    place: { dataOffset: dataSector * SECTOR, clusterBytes },
  };
}

/** The bytes of the smallest volume with as many clusters as are needed of each size. */
export function smallestVolume(clustersNeeded: (clusterBytes: number) => number): number {
  let above = 0;
  for (const { upTo, clusterBytes } of TIERS) {
    const clusters = Math.max(clustersNeeded(clusterBytes), LEAST_CLUSTERS);
    const fat = Math.ceil(((clusters + FIRST_CLUSTER) * ENTRY_BYTES) / SECTOR);
    let bytes = Math.max((LEAST_RESERVED + FATS * fat) * SECTOR + clusters * clusterBytes, above + 1);
    bytes = roundUp(bytes);
    while (bytes <= upTo && layOut(bytes).clusters < clusters) bytes = roundUp(bytes + 1);
    if (bytes <= upTo) return bytes;
    above = upTo;
  }
  throw new MediasmithError('NO_SPACE', 'no FAT32 volume holds as much');
}

function roundUp(bytes: number): number {
  const align = alignment(bytes);
  return Math.ceil(bytes / align) * align;
}

/** What the data area starts at a multiple of. */
function alignment(bytes: number): number {
  return bytes < GIB ? 4 * KIB : MIB;
}

/** The byte at which a FAT starts; they are counted from 0. */
export function fatOffset({ reservedSectors, sectorsPerFat, sectorBytes }: Geometry, fat: number): number {
  return (reservedSectors + fat * sectorsPerFat) * sectorBytes;
}
