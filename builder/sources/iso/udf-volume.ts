import type { FileHandle } from 'node:fs/promises';
import type { Part } from '../../placed-content.ts';
import { type Extent, recordedExtent, TAG, tagOf, UnknownUdf } from './udf-descriptor.ts';

export const BLOCK_BYTES = 2048;

export type UdfVolume = {
  /** The block of the root folder's file entry. */
  root: number;
  imageBytes: number;
  /** A block of the partition that holds a descriptor, and its tag. */
  descriptor(block: number): Promise<{ tag: number; bytes: Buffer }>;
  /** Where an extent of the partition lies in the image. */
  partOf(extent: Extent): Part;
  read(extent: Extent): Promise<Buffer>;
};

const ANCHOR_SECTOR = 256;
/** Sixteen are usual. */
const MOST_VOLUME_DESCRIPTORS = 64;

/**
 * Opens the volume of an image as Microsoft makes them (OSTA UDF 1.02): blocks of 2048 bytes, one partition and one map of
 * type 1 that names it. Throws `UnknownUdf` for every other.
 */
export async function openUdfVolume(image: FileHandle): Promise<UdfVolume> {
  const imageBytes = (await image.stat()).size;
  const sector = (number: number) => readPart(image, imageBytes, { offset: number * BLOCK_BYTES, bytes: BLOCK_BYTES });
  const anchor = await sector(ANCHOR_SECTOR);
  if (tagOf(anchor, ANCHOR_SECTOR) !== TAG.anchor) throw new UnknownUdf('no anchor');
  const { partition, logicalVolume } = await readSequence(
    { block: anchor.readUInt32LE(20), bytes: anchor.readUInt32LE(16) },
    sector,
  );
  const { start, blocks } = partitionOf(partition);
  const fileSet = fileSetOf(logicalVolume, partition);
  const partOf = ({ block, bytes }: Extent): Part => {
    if (block + Math.ceil(bytes / BLOCK_BYTES) > blocks) throw new UnknownUdf('an extent behind the partition');
    return within(imageBytes, { offset: (start + block) * BLOCK_BYTES, bytes });
  };
  const read = (extent: Extent) => readPart(image, imageBytes, partOf(extent));
  const descriptor = async (block: number) => {
    const bytes = await read({ block, bytes: BLOCK_BYTES });
    return { tag: tagOf(bytes, block), bytes };
  };
  return { root: rootOf(await descriptor(fileSet)), imageBytes, descriptor, partOf, read };
}

/** The two descriptors that count. What is there twice would be settled by sequence numbers: not here. */
async function readSequence(
  { block, bytes }: Extent,
  sector: (number: number) => Promise<Buffer>,
): Promise<{ partition: Buffer; logicalVolume: Buffer }> {
  const found = new Map<number, Buffer>();
  for (let index = 0; ; index++) {
    if (index >= Math.min(bytes / BLOCK_BYTES, MOST_VOLUME_DESCRIPTORS)) throw new UnknownUdf('a sequence without end');
    const descriptor = await sector(block + index);
    const tag = tagOf(descriptor, block + index);
    if (tag === TAG.terminating) break;
    if (tag === TAG.volumePointer) throw new UnknownUdf('a sequence that goes on elsewhere');
    if ((tag === TAG.partition || tag === TAG.logicalVolume) && found.has(tag)) throw new UnknownUdf('two of a kind');
    found.set(tag, descriptor);
  }
  const [partition, logicalVolume] = [found.get(TAG.partition), found.get(TAG.logicalVolume)];
  if (partition === undefined || logicalVolume === undefined) throw new UnknownUdf('no partition or no volume');
  return { partition, logicalVolume };
}

/** ECMA-167, 3/10.5. */
function partitionOf(descriptor: Buffer): { start: number; blocks: number } {
  return { start: descriptor.readUInt32LE(188), blocks: descriptor.readUInt32LE(192) };
}

/** The block of the file set descriptor: ECMA-167, 3/10.6 and 3/10.7.2. */
function fileSetOf(logicalVolume: Buffer, partition: Buffer): number {
  if (logicalVolume.readUInt32LE(212) !== BLOCK_BYTES) throw new UnknownUdf('blocks of another size');
  const [mapBytes, maps] = [logicalVolume.readUInt32LE(264), logicalVolume.readUInt32LE(268)];
  const isPlain = maps === 1 && mapBytes === 6 && logicalVolume[440] === 1 && logicalVolume[441] === 6;
  if (!isPlain) throw new UnknownUdf('other partition maps');
  if (logicalVolume.readUInt16LE(444) !== partition.readUInt16LE(22)) throw new UnknownUdf('a map of no partition');
  return recordedExtent(logicalVolume, 248).block;
}

/** ECMA-167, 4/14.1. */
function rootOf({ tag, bytes }: { tag: number; bytes: Buffer }): number {
  if (tag !== TAG.fileSet) throw new UnknownUdf('no file set');
  return recordedExtent(bytes, 400).block;
}

async function readPart(image: FileHandle, imageBytes: number, part: Part): Promise<Buffer> {
  const { offset, bytes } = within(imageBytes, part);
  const { buffer, bytesRead } = await image.read(Buffer.alloc(bytes), 0, bytes, offset);
  if (bytesRead < bytes) throw new UnknownUdf('the image has become shorter');
  return buffer;
}

function within(imageBytes: number, part: Part): Part {
  if (part.offset + part.bytes > imageBytes) throw new UnknownUdf('an extent behind the end');
  return part;
}
