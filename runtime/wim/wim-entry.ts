/** One file or folder in an image. */
export type WimEntry = {
  /** From the image's root, with forward slashes: `/Windows/System32`. */
  path: string;
  directory: boolean;
  /** Of the unnamed stream; 0 for a folder. */
  bytes: number;
  /**
   * Where the unnamed stream lies in the WIM, byte by byte as the file has it. Not there for a folder, for an empty
   * file, and for what is compressed, in another part, or missing.
   */
  offset?: number;
};

/** Reads fields of a `struct wimlib_dir_entry`. */
export type ReadEntry = {
  number(offset: number, type: 'uint32' | 'uint64'): number;
  text(offset: number): string | null;
};

const DIRECTORY = 0x10;
/** Of a stream: bits that each say that it does not lie there as it is: compressed, free, missing, packed. */
const NOT_AS_IT_IS = 0x1 | 0x4 | 0x10 | 0x20;

/** Offsets in `struct wimlib_dir_entry` of a 64-bit build. */
const AT = {
  fullPath: 16,
  attributes: 48,
  firstStreamSize: 256,
  firstStreamOffset: 272,
  firstStreamPart: 300,
  firstStreamFlags: 308,
} as const;

/** One entry as the library's iteration hands it over. */
export function readEntry(read: ReadEntry): WimEntry {
  const directory = (read.number(AT.attributes, 'uint32') & DIRECTORY) !== 0;
  const bytes = directory ? 0 : read.number(AT.firstStreamSize, 'uint64');
  const asItIs = bytes > 0 && (read.number(AT.firstStreamFlags, 'uint32') & NOT_AS_IT_IS) === 0;
  const inFirstPart = asItIs && read.number(AT.firstStreamPart, 'uint32') === 1;
  return {
    path: (read.text(AT.fullPath) ?? '').replaceAll('\\', '/'),
    directory,
    bytes,
    ...(inFirstPart && { offset: read.number(AT.firstStreamOffset, 'uint64') }),
  };
}
