/** A section in the file, in order. `size` is the length of its content in bytes. */
export type PeSection = { name: string; size: number; characteristics: number };

export type PeImage = {
  /** 10 is an EFI application, 3 a console program, 1 a driver. */
  subsystem: number;
  dll?: boolean;
  sections: readonly PeSection[];
  /** The base relocation directory is the section of this name. */
  relocations?: string;
};

export const PE_CODE = 0x60000020;
export const PE_READ_ONLY = 0x40000040;
export const PE_DISCARDABLE = 0x42000040;

const MACHINE_AMD64 = 0x8664;
const SECTION_ALIGNMENT = 0x1000;
const FILE_ALIGNMENT = 0x200;
const PE_AT = 0x80;
const OPTIONAL_AT = PE_AT + 24;
const OPTIONAL_SIZE = 240;
const SECTIONS_AT = OPTIONAL_AT + OPTIONAL_SIZE;
const CHECKSUM_AT = OPTIONAL_AT + 64;

export type PeLayout = { headers: Uint8Array; sections: readonly { rva: number; fileOffset: number }[]; size: number };

/** The headers of a PE32+ image for x86-64 and where each section goes. The entry is the first byte of the first section. */
export function layOutPe(image: PeImage): PeLayout {
  const headerSize = roundUp(SECTIONS_AT + image.sections.length * 40, FILE_ALIGNMENT);
  let rva = SECTION_ALIGNMENT;
  let fileOffset = headerSize;
  const sections = image.sections.map((section) => {
    const place = { rva, fileOffset };
    rva += roundUp(Math.max(section.size, 1), SECTION_ALIGNMENT);
    fileOffset += roundUp(section.size, FILE_ALIGNMENT);
    return place;
  });
  const headers = new Uint8Array(headerSize);
  const view = new DataView(headers.buffer);
  writeFileHeader(view, image);
  writeOptionalHeader(view, { image, places: sections, imageSize: rva, headerSize });
  for (const [index, section] of image.sections.entries()) {
    const place = sections[index];
    if (place !== undefined) writeSectionHeader(view, SECTIONS_AT + index * 40, section, place);
  }
  return { headers, sections, size: fileOffset };
}

/** The whole file from the contents of its sections, with its checksum. */
export function writePe(image: PeImage, contents: readonly Uint8Array[]): Uint8Array {
  const layout = layOutPe(image);
  const file = new Uint8Array(layout.size);
  file.set(layout.headers);
  for (const [index, content] of contents.entries()) file.set(content, layout.sections[index]?.fileOffset);
  new DataView(file.buffer).setUint32(CHECKSUM_AT, peChecksum(file), true);
  return file;
}

/** The checksum of a PE file whose own checksum field is zero or is left out: folded 16-bit sum, plus the length. */
export function peChecksum(file: Uint8Array): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let sum = 0;
  for (let at = 0; at < file.length; at += 2) {
    if (at === CHECKSUM_AT || at === CHECKSUM_AT + 2) continue;
    sum += at + 1 < file.length ? view.getUint16(at, true) : view.getUint8(at);
    sum = (sum & 0xffff) + (sum >>> 16);
  }
  return sum + file.length;
}

function writeFileHeader(view: DataView, image: PeImage): void {
  view.setUint16(0, 0x5a4d, true);
  view.setUint32(0x3c, PE_AT, true);
  view.setUint32(PE_AT, 0x4550, true);
  view.setUint16(PE_AT + 4, MACHINE_AMD64, true);
  view.setUint16(PE_AT + 6, image.sections.length, true);
  view.setUint16(PE_AT + 20, OPTIONAL_SIZE, true);
  view.setUint16(PE_AT + 22, 0x0022 | (image.dll === true ? 0x2000 : 0), true);
}

type Placed = { image: PeImage; places: PeLayout['sections']; imageSize: number; headerSize: number };

function writeOptionalHeader(view: DataView, { image, places, imageSize, headerSize }: Placed): void {
  const at = OPTIONAL_AT;
  const [code] = image.sections;
  const [entry] = places;
  view.setUint16(at, 0x20b, true);
  view.setUint32(at + 4, roundUp(code?.size ?? 0, FILE_ALIGNMENT), true);
  view.setUint32(at + 16, entry?.rva ?? 0, true);
  view.setUint32(at + 20, entry?.rva ?? 0, true);
  view.setBigUint64(at + 24, image.subsystem === 10 ? 0n : 0x180000000n, true);
  view.setUint32(at + 32, SECTION_ALIGNMENT, true);
  view.setUint32(at + 36, FILE_ALIGNMENT, true);
  view.setUint16(at + 40, 10, true);
  view.setUint16(at + 48, 10, true);
  view.setUint32(at + 56, imageSize, true);
  view.setUint32(at + 60, headerSize, true);
  view.setUint16(at + 68, image.subsystem, true);
  view.setUint16(at + 70, 0x0140, true);
  view.setBigUint64(at + 72, 0x100000n, true);
  view.setBigUint64(at + 80, 0x1000n, true);
  view.setBigUint64(at + 88, 0x100000n, true);
  view.setBigUint64(at + 96, 0x1000n, true);
  view.setUint32(at + 108, 16, true);
  const relocations = image.sections.findIndex((section) => section.name === image.relocations);
  if (relocations >= 0) {
    view.setUint32(at + 112 + 5 * 8, places[relocations]?.rva ?? 0, true);
    view.setUint32(at + 112 + 5 * 8 + 4, image.sections[relocations]?.size ?? 0, true);
  }
}

function writeSectionHeader(
  view: DataView,
  at: number,
  section: PeSection,
  place: { rva: number; fileOffset: number },
): void {
  for (const [index, byte] of Buffer.from(section.name.slice(0, 8), 'latin1').entries())
    view.setUint8(at + index, byte);
  view.setUint32(at + 8, section.size, true);
  view.setUint32(at + 12, place.rva, true);
  view.setUint32(at + 16, roundUp(section.size, FILE_ALIGNMENT), true);
  view.setUint32(at + 20, place.fileOffset, true);
  view.setUint32(at + 36, section.characteristics, true);
}

function roundUp(length: number, unit: number): number {
  return Math.ceil(length / unit) * unit;
}
