import type { Readable } from 'node:stream';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { MediasmithError } from '../../runtime/contract/errors.ts';

/** A file of a zip. Stored means: as it is, so it cannot be larger than the zip. */
export type ZipMember = { path: string; bytes: number; stored: boolean };

export type ZipArchive = AsyncDisposable & {
  members: readonly ZipMember[];
  /** All of a small member. */
  read: (path: string) => Promise<Buffer>;
  /** A member as a stream, which ends in an error when it is longer or shorter than it said. */
  stream: (path: string) => Promise<Readable>;
};

/** What a zip may unpack to where it is compressed; a stored member is as long as the zip itself makes it. */
export const ZIP_LIMITS = { members: 100_000, memberBytes: 64 * 1024 ** 2, totalBytes: 256 * 1024 ** 2 };

/**
 * Opens a zip and looks through its whole directory before anything is read from it. `IMPORT_INVALID` for a path that
 * leaves the folder, a link, an encrypted member, a name that stands there twice, and for what unpacks to too much.
 */
export async function openZip(file: string): Promise<ZipArchive> {
  const zip = await openPromise(file, { lazyEntries: true, autoClose: false }).catch((error) => refuse(file, error));
  try {
    const entries = await readDirectory(zip, file);
    const find = (path: string): Entry => {
      const entry = entries.get(path.toLowerCase());
      if (entry === undefined) throw new Error(`no such member: ${path}`);
      return entry;
    };
    const stream = (path: string) => zip.openReadStreamPromise(find(path)).catch((error) => refuse(file, error));
    return {
      members: [...entries.values()].map(({ fileName, uncompressedSize, compressionMethod }) => ({
        path: fileName,
        bytes: uncompressedSize,
        stored: compressionMethod === 0,
      })),
      stream,
      read: async (path) => {
        const parts: Buffer[] = [];
        try {
          for await (const part of await stream(path)) parts.push(part as Buffer);
        } catch (error) {
          refuse(file, error);
        }
        return Buffer.concat(parts);
      },
      [Symbol.asyncDispose]: async () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function readDirectory(zip: ZipFile, file: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  let total = 0;
  let packed = 0;
  try {
    if (zip.entryCount > ZIP_LIMITS.members) throw new Error(`it has more than ${ZIP_LIMITS.members} members`);
    for await (const entry of zip.eachEntry()) {
      const reason = unsafe(entry);
      if (reason !== undefined) throw new Error(`${JSON.stringify(entry.fileName)} ${reason}`);
      const key = entry.fileName.toLowerCase();
      if (entries.has(key)) throw new Error(`${JSON.stringify(entry.fileName)} stands in it twice`);
      if (entry.compressionMethod !== 0) total += entry.uncompressedSize;
      packed += entry.compressedSize;
      if (packed > zip.fileSize) throw new Error('its members lie over each other');
      if (total > ZIP_LIMITS.totalBytes)
        throw new Error(`it would unpack to more than ${ZIP_LIMITS.totalBytes / 1024 ** 2} MB`);
      if (!entry.fileName.endsWith('/')) entries.set(key, entry);
    }
  } catch (error) {
    refuse(file, error);
  }
  return entries;
}

const FILE_TYPES = 0xf000;
const SYMBOLIC_LINK = 0xa000;
const STORED = 0;
const DEFLATED = 8;

/** Why an entry cannot be taken. Paths that are absolute or go up are refused by yauzl before. */
function unsafe(entry: Entry): string | undefined {
  const { fileName, externalFileAttributes, compressionMethod, uncompressedSize } = entry;
  if (fileName.includes(':') || fileName.split('/').includes('..')) return 'leaves the folder';
  if (/\p{Cc}/u.test(fileName)) return 'has a name with control characters';
  if (entry.isEncrypted()) return 'is encrypted';
  if (((externalFileAttributes >>> 16) & FILE_TYPES) === SYMBOLIC_LINK) return 'is a symbolic link';
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) return 'is compressed in a way that is not read';
  if (compressionMethod === DEFLATED && uncompressedSize > ZIP_LIMITS.memberBytes)
    return `would unpack to more than ${ZIP_LIMITS.memberBytes / 1024 ** 2} MB`;
  return undefined;
}

function refuse(file: string, cause: unknown): never {
  if (cause instanceof Error && 'syscall' in cause) throw cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new MediasmithError('IMPORT_INVALID', `${file} is not taken: ${reason}`, {
    where: file,
    hint: 'Export the task sequence again, and copy the file whole.',
    cause,
  });
}
