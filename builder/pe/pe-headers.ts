import { type BoundedBytes, boundedBytes, notPe } from './bounded-bytes.ts';

export type PeMachine = 'x64' | 'arm64' | 'x86' | 'arm' | 'other';

export type PeHeaders = {
  bytes: BoundedBytes;
  machine: PeMachine;
  /** EFI programs are 10 to 13, console programs 3. */
  subsystem: number;
  imageBase: bigint;
  /** Where the checksum is, and where the entry of the certificate table: no signature covers either. */
  checksumAt: number;
  certificateEntryAt: number | undefined;
  directory(index: number): PeDirectory | undefined;
  /** The place in the file of an address in the loaded image; undefined where the file has nothing for it. */
  offsetOf(rva: number): number | undefined;
};

/** `rva` is a place in the file for the certificate table alone. */
export type PeDirectory = { rva: number; size: number };

export const IMPORT_DIRECTORY = 1;
export const CERTIFICATE_DIRECTORY = 4;
export const DELAY_IMPORT_DIRECTORY = 13;

const MACHINES: Readonly<Record<number, PeMachine>> = { 34404: 'x64', 43620: 'arm64', 332: 'x86', 452: 'arm' };
const PE32 = 0x10b;
const PE32_PLUS = 0x20b;
const MOST_SECTIONS = 96;
const MOST_DIRECTORIES = 16;

/**
 * Reads the headers of a PE file (Microsoft's "PE Format"). Throws `SOURCE_INVALID`, naming `where`, for anything that
 * is none or is cut short.
 */
export function readHeaders(file: Uint8Array, where: string): PeHeaders {
  const bytes = boundedBytes(file, where);
  if (bytes.length < 64 || bytes.u16(0) !== 0x5a4d) throw notPe(where, 'it does not begin with MZ');
  const peAt = bytes.u32(0x3c);
  if (bytes.u32(peAt) !== 0x4550) throw notPe(where, 'it has no PE header');
  const optionalAt = peAt + 24;
  const magic = bytes.u16(optionalAt);
  if (magic !== PE32 && magic !== PE32_PLUS) throw notPe(where, 'its optional header is of no known kind');
  const plus = magic === PE32_PLUS;
  const directoriesAt = optionalAt + (plus ? 112 : 96);
  const directories = Math.min(bytes.u32(directoriesAt - 4), MOST_DIRECTORIES);
  const sections = readSections(bytes, peAt, where);
  return {
    bytes,
    machine: MACHINES[bytes.u16(peAt + 4)] ?? 'other',
    subsystem: bytes.u16(optionalAt + 68),
    imageBase: plus
      ? BigInt(bytes.u32(optionalAt + 24)) | (BigInt(bytes.u32(optionalAt + 28)) << 32n)
      : BigInt(bytes.u32(optionalAt + 28)),
    checksumAt: optionalAt + 64,
    certificateEntryAt: directories > CERTIFICATE_DIRECTORY ? directoriesAt + CERTIFICATE_DIRECTORY * 8 : undefined,
    directory: (index) => {
      if (index >= directories) return undefined;
      const entry = { rva: bytes.u32(directoriesAt + index * 8), size: bytes.u32(directoriesAt + index * 8 + 4) };
      return entry.rva === 0 || entry.size === 0 ? undefined : entry;
    },
    offsetOf: (rva) => {
      const section = sections.find(({ start, size }) => rva >= start && rva - start < size);
      return section === undefined ? undefined : rva - section.start + section.offset;
    },
  };
}

/** `size` is what the file holds of the section. */
type Section = { start: number; size: number; offset: number };

function readSections(bytes: BoundedBytes, peAt: number, where: string): Section[] {
  const count = bytes.u16(peAt + 6);
  if (count > MOST_SECTIONS) throw notPe(where, `it has ${count} sections`);
  const tableAt = peAt + 24 + bytes.u16(peAt + 20);
  return Array.from({ length: count }, (_, index) => {
    const at = tableAt + index * 40;
    return { start: bytes.u32(at + 12), size: bytes.u32(at + 16), offset: bytes.u32(at + 20) };
  });
}
