export type WimCompression = 'none' | 'XPRESS' | 'LZX' | 'LZMS';

/** What the header of a WIM says. */
export type WimInfo = {
  /** 32 hexadecimal digits, in the order of the bytes. */
  guid: string;
  compression: WimCompression;
  imageCount: number;
  /** Counts from 1; 0 where no image is bootable. */
  bootIndex: number;
  totalParts: number;
  partNumber: number;
  hasIntegrityTable: boolean;
  /** Whether it is of the format of an ESD, as solid and LZMS files are. No boot loader reads that. */
  esdFormat: boolean;
  /** Whether it is laid out to be read from a pipe, which no program but libwim can. */
  pipable: boolean;
  /** Whether whoever wrote to it last has not come to an end. */
  unfinished: boolean;
  /** Bytes; 0 without compression. */
  chunkSize: number;
};

/** The size of `struct wimlib_wim_info`, in bytes. */
export const WIM_INFO_SIZE = 88;

/** The version in the header of a WIM with solid resources or LZMS; all others say 0x10d00. */
const ESD_VERSION = 0xe00;
const HAS_INTEGRITY_TABLE = 0x1;
const WRITE_IN_PROGRESS = 0x40;
const PIPABLE = 0x200;

const COMPRESSIONS: readonly WimCompression[] = ['none', 'XPRESS', 'LZX', 'LZMS'];

/** The library's number for a compression. */
export function compressionNumber(compression: WimCompression): number {
  return COMPRESSIONS.indexOf(compression);
}

/** Reads a filled `struct wimlib_wim_info` (little-endian, as on every system this runs on). */
export function parseWimInfo(bytes: Buffer): WimInfo {
  const flags = bytes.readUInt32LE(48);
  return {
    guid: bytes.toString('hex', 0, 16),
    imageCount: bytes.readUInt32LE(16),
    bootIndex: bytes.readUInt32LE(20),
    chunkSize: bytes.readUInt32LE(28),
    partNumber: bytes.readUInt16LE(32),
    totalParts: bytes.readUInt16LE(34),
    compression: COMPRESSIONS[bytes.readInt32LE(36)] ?? 'none',
    hasIntegrityTable: (flags & HAS_INTEGRITY_TABLE) !== 0,
    esdFormat: bytes.readUInt32LE(24) === ESD_VERSION,
    pipable: (flags & PIPABLE) !== 0,
    unfinished: (flags & WRITE_IN_PROGRESS) !== 0,
  };
}

/** A `struct wimlib_wim_info` that carries another boot index and nothing else. */
export function bootIndexAsWimInfo(bootIndex: number): Buffer {
  const bytes = Buffer.alloc(WIM_INFO_SIZE);
  bytes.writeUInt32LE(bootIndex, 20);
  return bytes;
}

/** A `struct wimlib_wim_info` that carries a new GUID and nothing else. */
export function guidAsWimInfo(guid: string): Buffer {
  if (!/^[0-9a-f]{32}$/i.test(guid)) throw new Error(`not 32 hexadecimal digits: ${guid}`);
  const bytes = Buffer.alloc(WIM_INFO_SIZE);
  bytes.write(guid, 0, 'hex');
  return bytes;
}
