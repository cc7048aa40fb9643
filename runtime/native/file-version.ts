import { type FileHandle, open } from 'node:fs/promises';

const DOS = { bytes: 64, magic: 0x5a4d, headerOffset: 0x3c };
const PE = { bytes: 24, magic: 0x4550, sectionCount: 6, optionalBytes: 20 };
/** By the optional header's own number: PE32 and PE32+. */
const DIRECTORIES: Readonly<Record<number, number>> = { 267: 96, 523: 112 };
const RESOURCES = 2;
const SECTION = { bytes: 40, virtualSize: 8, virtualAddress: 12, rawBytes: 16, rawOffset: 20 };
const MOST_SECTIONS = 96;
const DIRECTORY = { bytes: 16, named: 12, numbered: 14, entryBytes: 8 };
const VERSION_TYPE = 16;
const SUBFOLDER = 0x80000000;
/** VS_FIXEDFILEINFO stands behind a key of a fixed length; its first number is its signature. */
const FIXED = { signature: 0xfeef04bd, searchBytes: 256, fileVersionOffset: 8, bytes: 16 };

/**
 * The file version in the resources of an executable of 32 or 64 bits, `a.b.c.d`; undefined for any other file and for one
 * whose resources have none or are damaged. Read from the file itself and not by version.dll, so that it is the same
 * everywhere: it is the neutral file's version and never that of a language file beside it (Microsoft: "PE Format",
 * "VS_FIXEDFILEINFO").
 */
export async function fileVersion(path: string): Promise<string | undefined> {
  await using file = await open(path, 'r');
  return await findVersion(reader(file));
}

type Read = (offset: number, length: number) => Promise<Buffer>;
/** What ends the search where the file does not go on as it should. */
class NotThere extends Error {}

function reader(file: FileHandle): Read {
  return async (offset, length) => {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, offset);
    if (bytesRead < length) throw new NotThere();
    return buffer;
  };
}

async function findVersion(read: Read): Promise<string | undefined> {
  try {
    const { start, fileOffset } = await resourceSection(read);
    const type = await childOf(read, start, 0, (id) => id === VERSION_TYPE);
    const name = await childOf(read, start, type, () => true);
    const language = await childOf(read, start, name, () => true, 'data');
    const data = fileOffset((await read(start + language, 8)).readUInt32LE(0));
    return fixedVersion(await read(data, FIXED.searchBytes).catch(() => read(data, FIXED.bytes * 4)));
  } catch (error) {
    if (error instanceof NotThere) return undefined;
    throw error;
  }
}

/** Where the resources begin in the file, and what turns an address in memory into an offset there. */
async function resourceSection(read: Read): Promise<{ start: number; fileOffset: (address: number) => number }> {
  const dos = await read(0, DOS.bytes);
  expect(dos.readUInt16LE(0) === DOS.magic);
  const at = dos.readUInt32LE(DOS.headerOffset);
  const pe = await read(at, PE.bytes);
  expect(pe.readUInt32LE(0) === PE.magic);
  const optionalBytes = pe.readUInt16LE(PE.optionalBytes);
  const optional = await read(at + PE.bytes, optionalBytes);
  const directory = (DIRECTORIES[optionalBytes < 2 ? 0 : optional.readUInt16LE(0)] ?? NaN) + RESOURCES * 8;
  expect(directory + 8 <= optionalBytes);
  const count = pe.readUInt16LE(PE.sectionCount);
  expect(count <= MOST_SECTIONS);
  const table = await read(at + PE.bytes + optionalBytes, count * SECTION.bytes);
  const fileOffset = (address: number): number => {
    for (let section = 0; section < table.length; section += SECTION.bytes) {
      const into = address - table.readUInt32LE(section + SECTION.virtualAddress);
      const size = table.readUInt32LE(section + SECTION.rawBytes);
      if (into >= 0 && into < size) return table.readUInt32LE(section + SECTION.rawOffset) + into;
    }
    throw new NotThere();
  };
  return { start: fileOffset(optional.readUInt32LE(directory)), fileOffset };
}

/** Of a folder of the resources, the offset of the first entry that is asked for, a folder itself unless `data` is wanted. */
async function childOf(
  read: Read,
  start: number,
  folder: number,
  wanted: (id: number) => boolean,
  kind: 'folder' | 'data' = 'folder',
): Promise<number> {
  const header = await read(start + folder, DIRECTORY.bytes);
  const count = header.readUInt16LE(DIRECTORY.named) + header.readUInt16LE(DIRECTORY.numbered);
  const entries = await read(start + folder + DIRECTORY.bytes, count * DIRECTORY.entryBytes);
  for (let at = 0; at < entries.length; at += DIRECTORY.entryBytes) {
    const offset = entries.readUInt32LE(at + 4);
    const isFolder = (offset & SUBFOLDER) !== 0;
    if (wanted(entries.readUInt32LE(at)) && isFolder === (kind === 'folder')) return offset & ~SUBFOLDER;
  }
  throw new NotThere();
}

function fixedVersion(resource: Buffer): string | undefined {
  const signature = Buffer.alloc(4);
  signature.writeUInt32LE(FIXED.signature);
  const at = resource.indexOf(signature);
  if (at < 0 || at + FIXED.bytes > resource.length) return undefined;
  const [high, low] = [0, 4].map((offset) => resource.readUInt32LE(at + FIXED.fileVersionOffset + offset));
  return [high, low].flatMap((half = 0) => [half >>> 16, half & 0xffff]).join('.');
}

function expect(holds: boolean): void {
  if (!holds) throw new NotThere();
}
