import { type ClusterMap, FIRST_CLUSTER } from '../shared/clusters.ts';

/** A bit for each cluster, the lowest of the first byte for the first one. */
export function bitmapOf(used: ClusterMap): Buffer {
  const bitmap = Buffer.alloc(bitmapBytes(used.count));
  for (let index = 0; index < used.count; index++) {
    if (used.has(index + FIRST_CLUSTER)) bitmap[index >> 3] = (bitmap[index >> 3] ?? 0) | (1 << (index & 7));
  }
  return bitmap;
}

export function bitmapBytes(clusterCount: number): number {
  return Math.ceil(clusterCount / 8);
}

/** A bitmap as it is on the disk with the bits of another one set too. */
export function withBits(onDisk: Buffer, bits: Buffer): Buffer {
  const both = Buffer.from(onDisk);
  for (const [at, byte] of bits.entries()) both[at] = (both[at] ?? 0) | byte;
  return both;
}

/** A bitmap as it is on the disk with the bits of another one in their place; what follows them stays. */
export function replaceBits(onDisk: Buffer, bits: Buffer): Buffer {
  const other = Buffer.from(onDisk);
  other.set(bits);
  return other;
}
