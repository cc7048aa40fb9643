import { type Extent, TAG, UnknownUdf } from './udf-descriptor.ts';
import { BLOCK_BYTES, type UdfVolume } from './udf-volume.ts';

/** What a file entry says of a file or a folder. Small ones lie in the entry itself. */
export type FileEntry = { isFolder: boolean; bytes: number; content: Buffer | Allocations };
type Allocations = { form: 'short' | 'long'; descriptors: Buffer };

const STRATEGY_DIRECT = 4;
const FOLDER = 4;
const FILE = 5;
/** Each names at least a hundred extents. */
const MOST_CONTINUATIONS = 4096;
/** The lowest three bits of an entry's flags (ECMA-167, 4/14.6.8). */
const FORMS = ['short', 'long'] as const;
const EMBEDDED = 3;
/** The highest two bits of an extent's length (ECMA-167, 4/14.14.1.1). */
const RECORDED = 0;
const CONTINUED = 3;

/** ECMA-167, 4/14.9 and 4/14.17; the extended one has 40 bytes more before its lengths. */
export function parseFileEntry({ tag, bytes }: { tag: number; bytes: Buffer }): FileEntry {
  if (tag !== TAG.fileEntry && tag !== TAG.extendedFileEntry) throw new UnknownUdf('no file entry');
  const lengths = tag === TAG.fileEntry ? 168 : 208;
  const type = bytes[27];
  const size = Number(bytes.readBigUInt64LE(56));
  if (bytes.readUInt16LE(20) !== STRATEGY_DIRECT) throw new UnknownUdf('another strategy');
  if (type !== FOLDER && type !== FILE) throw new UnknownUdf('neither a file nor a folder');
  const start = lengths + 8 + bytes.readUInt32LE(lengths);
  const descriptors = bytesAt(bytes, start, bytes.readUInt32LE(lengths + 4));
  return { isFolder: type === FOLDER, bytes: size, content: contentOf(bytes.readUInt16LE(34) & 7, size, descriptors) };
}

function contentOf(flags: number, size: number, descriptors: Buffer): FileEntry['content'] {
  if (flags === EMBEDDED) return bytesAt(descriptors, 0, size);
  const form = FORMS[flags];
  if (form === undefined) throw new UnknownUdf('another form of allocation');
  return { form, descriptors };
}

/** Where the content lies, in order. Throws `UnknownUdf` unless every byte of it is recorded. */
export async function extentsOf(
  { bytes, content }: { bytes: number; content: Allocations },
  volume: UdfVolume,
): Promise<Extent[]> {
  if (bytes > volume.imageBytes) throw new UnknownUdf('a file larger than the image');
  const extents: Extent[] = [];
  let left = bytes;
  let list = parseAllocations(content);
  for (let continuations = 0; ; continuations++) {
    for (const extent of list.recorded) {
      left -= extent.bytes;
      if (left < 0 || (left > 0 && extent.bytes % BLOCK_BYTES !== 0))
        throw new UnknownUdf('an extent of a wrong length');
      extents.push(extent);
    }
    if (left === 0) return extents;
    if (list.next === undefined) throw new UnknownUdf('a file with too few extents');
    if (continuations === MOST_CONTINUATIONS) throw new UnknownUdf('extents without end');
    list = parseAllocations({ ...content, descriptors: parseContinuation(await volume.descriptor(list.next)) });
  }
}

/** What a list of allocation descriptors names, up to its end. */
function parseAllocations({ form, descriptors }: Allocations): { recorded: Extent[]; next?: number } {
  const recorded: Extent[] = [];
  const step = form === 'short' ? 8 : 16;
  if (descriptors.length % step !== 0) throw new UnknownUdf('half an allocation descriptor');
  for (let at = 0; at < descriptors.length; at += step) {
    const kind = descriptors.readUInt32LE(at) >>> 30;
    const bytes = descriptors.readUInt32LE(at) & 0x3fffffff;
    if (bytes === 0) break;
    if (form === 'long' && descriptors.readUInt16LE(at + 8) !== 0) throw new UnknownUdf('a second partition');
    const block = descriptors.readUInt32LE(at + 4);
    if (kind === CONTINUED) return { recorded, next: block };
    if (kind !== RECORDED) throw new UnknownUdf('an extent that is not recorded');
    recorded.push({ block, bytes });
  }
  return { recorded };
}

/** A block with more allocation descriptors: ECMA-167, 4/14.5. */
function parseContinuation({ tag, bytes }: { tag: number; bytes: Buffer }): Buffer {
  if (tag !== TAG.allocationExtent) throw new UnknownUdf('no allocation extent');
  return bytesAt(bytes, 24, bytes.readUInt32LE(20));
}

function bytesAt(bytes: Buffer, at: number, length: number): Buffer {
  if (at + length > bytes.length) throw new UnknownUdf('a length that leads out of a block');
  return bytes.subarray(at, at + length);
}
