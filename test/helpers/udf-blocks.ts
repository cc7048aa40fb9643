import { type FileHandle, open } from 'node:fs/promises';
import { crc } from '../../builder/sources/iso/udf-descriptor.ts';

export const BLOCK_BYTES = 2048;

/** Makes a descriptor's tag right for what the descriptor says now. */
export function seal(descriptor: Buffer, tag: { id?: number; block?: number; crcBytes?: number } = {}): Buffer {
  if (tag.id !== undefined) descriptor.writeUInt16LE(tag.id, 0);
  descriptor.writeUInt16LE(2, 2);
  if (tag.block !== undefined) descriptor.writeUInt32LE(tag.block, 12);
  const covered = tag.crcBytes ?? Math.min(descriptor.length, 512) - 16;
  descriptor.writeUInt16LE(covered, 10);
  descriptor.writeUInt16LE(crc(descriptor.subarray(16, 16 + covered)), 8);
  descriptor[4] = 0;
  descriptor[4] = descriptor.subarray(0, 16).reduce((sum, byte) => (sum + byte) & 0xff, 0);
  return descriptor;
}

export type Allocation = { bytes: number; block: number; kind?: number; partition?: number };

/** A short allocation descriptor has 8 bytes, a long one 16. */
export function allocations(list: readonly Allocation[], form: 'short' | 'long'): Buffer {
  return Buffer.concat(
    list.map(({ bytes, block, kind = 0, partition = 0 }) => {
      const descriptor = Buffer.alloc(form === 'short' ? 8 : 16);
      descriptor.writeUInt32LE(((kind << 30) | bytes) >>> 0, 0);
      descriptor.writeUInt32LE(block, 4);
      if (form === 'long') descriptor.writeUInt16LE(partition, 8);
      return descriptor;
    }),
  );
}

export type EntryOptions = {
  bytes: number | bigint;
  content: Buffer;
  /** 0 short, 1 long, 3 within the entry. */
  form: number;
  extended?: boolean;
  folder?: boolean;
  strategy?: number;
};

/** A file entry, without its times and owners. */
export function fileEntry(block: number, options: EntryOptions): Buffer {
  const { bytes, content, form, extended = false, folder = false, strategy = 4 } = options;
  const entry = Buffer.alloc(BLOCK_BYTES);
  const lengths = extended ? 208 : 168;
  entry.writeUInt16LE(strategy, 20);
  entry[27] = folder ? 4 : 5;
  entry.writeUInt16LE(form, 34);
  entry.writeUInt16LE(1, 48);
  entry.writeBigUInt64LE(BigInt(bytes), 56);
  entry.writeUInt32LE(content.length, lengths + 4);
  content.copy(entry, lengths + 8);
  return seal(entry, { id: extended ? 266 : 261, block, crcBytes: lengths + 8 + content.length - 16 });
}

/** A file identifier; a name in 16 bits where 8 are not enough. */
export function fileIdentifier(name: string, block: number, flags = 0): Buffer {
  const isWide = [...name].some((character) => character > '\xff');
  const letters = isWide ? Buffer.from(name, 'utf16le').swap16() : Buffer.from(name, 'latin1');
  const stored = name === '' ? letters : Buffer.concat([Buffer.of(isWide ? 16 : 8), letters]);
  const identifier = Buffer.alloc(Math.ceil((38 + stored.length) / 4) * 4);
  identifier.writeUInt16LE(1, 16);
  identifier[18] = flags;
  identifier[19] = stored.length;
  identifier.writeUInt32LE(BLOCK_BYTES, 20);
  identifier.writeUInt32LE(block, 24);
  stored.copy(identifier, 38);
  return seal(identifier, { id: 257, crcBytes: identifier.length - 16 });
}

/** A UDF image that another program has made, whose descriptors are changed in place. */
export type UdfEditor = AsyncDisposable & {
  file: FileHandle;
  /** The sector at which the partition starts. */
  start: number;
  sector(number: number): Promise<Buffer>;
  write(number: number, data: Buffer): Promise<void>;
  /** The first sector with such a descriptor. */
  find(tag: number, is?: (sector: Buffer) => boolean): Promise<number>;
  /** Changes a descriptor and makes its tag right again. */
  change(sector: number, change: (descriptor: Buffer) => void): Promise<void>;
  /** The sector of the entry of a file with so many bytes. */
  entryOf(bytes: number): Promise<number>;
};

export async function editUdf(image: string): Promise<UdfEditor> {
  const file = await open(image, 'r+');
  const sectors = (await file.stat()).size / BLOCK_BYTES;
  const sector = async (number: number) =>
    (await file.read(Buffer.alloc(BLOCK_BYTES), 0, BLOCK_BYTES, number * BLOCK_BYTES)).buffer;
  const write = async (number: number, data: Buffer) => {
    await file.write(data, 0, data.length, number * BLOCK_BYTES);
  };
  const find: UdfEditor['find'] = async (tag, is = () => true) => {
    for (let number = 32; number < sectors; number++) {
      const found = await sector(number);
      if (found.readUInt16LE(0) === tag && found.readUInt16LE(2) === 2 && found[5] === 0 && is(found)) return number;
    }
    throw new Error(`no descriptor ${tag}`);
  };
  return {
    ...{ file, sector, write, find },
    start: (await sector(await find(5))).readUInt32LE(188),
    change: async (number, change) => {
      const descriptor = await sector(number);
      change(descriptor);
      await write(number, seal(descriptor, { crcBytes: descriptor.readUInt16LE(10) }));
    },
    entryOf: (bytes) => find(261, (entry) => entry[27] === 5 && entry.readBigUInt64LE(56) === BigInt(bytes)),
    [Symbol.asyncDispose]: () => file.close(),
  };
}
