/** One file or folder in an image. */
export type WimEntry = {
  /** From the image's root, with forward slashes: `/Windows/System32`. */
  path: string;
  directory: boolean;
  /** Of the unnamed stream; 0 for a folder. */
  bytes: number;
};

/** Reads fields of a `struct wimlib_dir_entry`. */
export type ReadEntry = {
  number(offset: number, type: 'uint32' | 'uint64'): number;
  text(offset: number): string | null;
};

const DIRECTORY = 0x10;

/** Offsets in `struct wimlib_dir_entry` of a 64-bit build. */
const AT = { fullPath: 16, attributes: 48, firstStreamSize: 256 } as const;

/** One entry as the library's iteration hands it over. */
export function readEntry(read: ReadEntry): WimEntry {
  const directory = (read.number(AT.attributes, 'uint32') & DIRECTORY) !== 0;
  return {
    path: (read.text(AT.fullPath) ?? '').replaceAll('\\', '/'),
    directory,
    bytes: directory ? 0 : read.number(AT.firstStreamSize, 'uint64'),
  };
}
