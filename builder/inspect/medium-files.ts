import { MediasmithError } from '../../runtime/contract/errors.ts';

export type MediumFile = { path: string; bytes: number };

export type HashOptions = { signal: AbortSignal; onBytes: (count: number) => void };

/** The files of a medium where they lie: nothing is unpacked. Errors of reading are the operating system's own. */
export type MediumFiles = {
  /** What the person named. */
  path: string;
  kind: 'iso' | 'folder';
  /** Every file, in the order in which they are read fastest. */
  files: readonly MediumFile[];
  /** What an ISO starts under by its El Torito entries; a folder does not say. */
  startsUnder: readonly ('BIOS' | 'UEFI')[];
  /** FAT images that UEFI starts and that are no files of the medium: names that `read` takes. */
  hiddenImages: readonly string[];
  /** The file of this path, as it is spelt there; one that differs in case alone where there is no other. */
  find(path: string): MediumFile | undefined;
  /** The content of a file, or its first `limit` bytes. */
  read(path: string, limit?: number): Promise<Buffer>;
  /** SHA-256, in hexadecimal. */
  hash(path: string, options: HashOptions): Promise<string>;
};

/** FAT has no case of its own, and sticks are read by systems that spell as they please. */
export function finder(files: readonly MediumFile[]): MediumFiles['find'] {
  const exact = new Map(files.map((file) => [file.path, file]));
  const folded = new Map(files.map((file) => [file.path.toLowerCase(), file]));
  return (path) => exact.get(path) ?? folded.get(path.toLowerCase());
}

/** The one error for what is no medium of ours. */
export function notAMedium(path: string, message: string, hint?: string, cause?: unknown): MediasmithError {
  return new MediasmithError('MEDIUM_INVALID', `${path} ${message}`, {
    where: path,
    hint: hint ?? 'Name an ISO file, or a folder, that "mediasmith build" has made.',
    ...(cause !== undefined && { cause }),
  });
}
