import { open } from 'node:fs/promises';

/** What is asked of an image file where there is no libwim to ask. */
export type WimSummary = {
  /** 1 for a file that is whole. */
  totalParts: number;
  /** Bytes of each image once it is applied, by its index. */
  imageBytes: ReadonlyMap<number, number>;
};

export const MAGIC = 'MSWIM\0\0\0';
export const HEADER_BYTES = 208;
/** Microsoft: "Windows Imaging File Format": where the header says what lies where. */
const OFFSETS = { totalParts: 42, xmlBytes: 72, xmlOffset: 80 };
/** The seventh byte ends the size; the eighth holds flags. */
const SIZE_BYTES = 6;
const MOST_XML_BYTES = 64 * 1024 ** 2;

/** Undefined for a file that is no WIM, or whose description cannot be read: what applies it then says what is wrong. */
export async function readWimSummary(path: string): Promise<WimSummary | undefined> {
  try {
    await using file = await open(path);
    const { buffer: header, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    if (bytesRead < HEADER_BYTES || header.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
    const bytes = header.readUIntLE(OFFSETS.xmlBytes, SIZE_BYTES);
    if (bytes > MOST_XML_BYTES) return undefined;
    const { buffer } = await file.read(
      Buffer.alloc(bytes),
      0,
      bytes,
      Number(header.readBigUInt64LE(OFFSETS.xmlOffset)),
    );
    return {
      totalParts: header.readUInt16LE(OFFSETS.totalParts),
      imageBytes: imageBytesIn(buffer.toString('utf16le')),
    };
  } catch {
    return undefined;
  }
}

/** Pure. The first TOTALBYTES behind an image's index is the image's own. */
export function imageBytesIn(xml: string): Map<number, number> {
  const images = xml.matchAll(/<IMAGE\s+INDEX="(\d+)"[^>]*>[\s\S]*?<TOTALBYTES>(\d+)<\/TOTALBYTES>/gi);
  return new Map(Array.from(images, ([, index, bytes]) => [Number(index), Number(bytes)]));
}
