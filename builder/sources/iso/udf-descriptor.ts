/** What marks a descriptor (ECMA-167, 3/7.2.1 and 4/7.2.1). */
export const TAG = {
  anchor: 2,
  volumePointer: 3,
  partition: 5,
  logicalVolume: 6,
  terminating: 8,
  fileSet: 256,
  fileIdentifier: 257,
  allocationExtent: 258,
  fileEntry: 261,
  extendedFileEntry: 266,
} as const;

/** The image has, or seems to have, what this reader does not know. Somebody else may know it. */
export class UnknownUdf extends Error {}

/** Consecutive blocks of the partition; the last one may be used in part. */
export type Extent = { block: number; bytes: number };

const TAG_BYTES = 16;
const VERSIONS = [2, 3];
const POLYNOMIAL = 0x1021;

/**
 * The tag of a descriptor, whose checksum and CRC are right and which says that it lies in `block`. A file identifier
 * may lie anywhere: for those no block is given.
 */
export function tagOf(descriptor: Buffer, block?: number): number {
  if (descriptor.length < TAG_BYTES) throw new UnknownUdf('a descriptor is cut');
  const sum = descriptor.subarray(0, TAG_BYTES).reduce((before, byte, at) => (at === 4 ? before : before + byte), 0);
  const crcBytes = descriptor.readUInt16LE(10);
  const covered = descriptor.subarray(TAG_BYTES, TAG_BYTES + crcBytes);
  if (!VERSIONS.includes(descriptor.readUInt16LE(2)) || (sum & 0xff) !== descriptor[4]) throw new UnknownUdf('no tag');
  if (covered.length < crcBytes || crc(covered) !== descriptor.readUInt16LE(8)) throw new UnknownUdf('a wrong CRC');
  if (block !== undefined && descriptor.readUInt32LE(12) !== block) throw new UnknownUdf('a tag of another block');
  return descriptor.readUInt16LE(0);
}

/** CRC-ITU-T of 16 bits that begins with 0 (ECMA-167, 3/7.2.6). */
export function crc(data: Uint8Array): number {
  let value = 0;
  for (const byte of data) {
    value ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) value = ((value << 1) ^ (value & 0x8000 ? POLYNOMIAL : 0)) & 0xffff;
  }
  return value;
}

/** A long allocation descriptor that names recorded blocks of the only partition (ECMA-167, 4/14.14.2). */
export function recordedExtent(bytes: Buffer, at: number): Extent {
  const length = bytes.readUInt32LE(at);
  if (length >>> 30 !== 0) throw new UnknownUdf('an extent that is not recorded');
  if (bytes.readUInt16LE(at + 8) !== 0) throw new UnknownUdf('a second partition');
  return { block: bytes.readUInt32LE(at + 4), bytes: length };
}
