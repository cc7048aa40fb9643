import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { isMediasmithError, MediasmithError } from '../../runtime/contract/errors.ts';
import type { Exec } from '../../runtime/host/exec.ts';
import type { IsoListing, IsoPart } from '../tools/iso-listing.ts';
import { listIso } from '../tools/xorriso.ts';
import { finder, type HashOptions, type MediumFiles } from './medium-files.ts';

const CHUNK_BYTES = 4 * 1024 * 1024;

/** The files of an ISO, read out of it by their places. `MEDIUM_CORRUPT` where its tables cannot be read. */
export async function isoFiles(
  iso: string,
  { exec, signal }: { exec: Exec; signal: AbortSignal },
): Promise<MediumFiles> {
  const listing = await list(iso, exec, signal);
  const hidden = new Map(listing.hiddenImages.map((part, index) => [hiddenName(index), [part]]));
  const places = new Map([...listing.files, ...hidden]);
  const partsOf = (path: string): IsoPart[] => {
    const parts = places.get(path);
    if (parts === undefined) throw new Error(`${path} is not in ${iso}`);
    return parts;
  };
  const files = [...listing.files]
    .sort(([, [a]], [, [b]]) => (a?.offset ?? 0) - (b?.offset ?? 0))
    .map(([path, parts]) => ({ path, bytes: bytesOf(parts) }));
  return {
    path: iso,
    kind: 'iso',
    files,
    startsUnder: listing.startsUnder,
    hiddenImages: [...hidden.keys()],
    find: finder(files),
    read: async (path, limit = bytesOf(partsOf(path))) => {
      await using file = await open(iso, 'r');
      const chunks: Buffer[] = [];
      for await (const chunk of chunksOf(file, partsOf(path), limit)) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks);
    },
    hash: async (path, options) => {
      await using file = await open(iso, 'r');
      return await hashParts(file, partsOf(path), options);
    },
  };
}

const hiddenName = (index: number): string => `[El Torito UEFI image${index === 0 ? '' : ` ${index + 1}`}]`;
const bytesOf = (parts: readonly IsoPart[]): number => parts.reduce((sum, { bytes }) => sum + bytes, 0);

async function list(iso: string, exec: Exec, signal: AbortSignal): Promise<IsoListing> {
  try {
    return await listIso(iso, exec, signal);
  } catch (cause) {
    if (!isMediasmithError(cause) || cause.code !== 'TOOL_FAILED') throw cause;
    throw new MediasmithError('MEDIUM_CORRUPT', `the directories of ${iso} cannot be read`, {
      where: iso,
      lines: cause.lines.filter((line) => /FAILURE|SORRY|FATAL/.test(line)),
      hint: 'Copy the ISO again, or build it again.',
      cause,
    });
  }
}

async function hashParts(file: FileHandle, parts: readonly IsoPart[], options: HashOptions): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunksOf(file, parts)) {
    hash.update(chunk);
    options.onBytes(chunk.length);
    options.signal.throwIfAborted();
  }
  return hash.digest('hex');
}

/** Two buffers: one is read while the other is used. A chunk is good until the next is asked for. */
async function* chunksOf(
  file: FileHandle,
  parts: readonly IsoPart[],
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<Buffer> {
  const buffers = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)] as const;
  const pieces = [...piecesOf(parts, limit)];
  const read = async (index: number): Promise<Buffer | undefined> => {
    const piece = pieces[index];
    if (piece === undefined) return undefined;
    const buffer = buffers[(index % 2) as 0 | 1];
    const { bytesRead } = await file.read(buffer, 0, piece.bytes, piece.offset);
    if (bytesRead < piece.bytes) throw new Error(`the ISO ends at byte ${piece.offset + bytesRead}`);
    return buffer.subarray(0, bytesRead);
  };
  let reading = read(0);
  try {
    for (let index = 0; ; index++) {
      const chunk = await reading;
      if (chunk === undefined) return;
      reading = read(index + 1);
      // Looked at when its turn comes.
      reading.catch(() => undefined);
      yield chunk;
    }
  } finally {
    await reading.catch(() => undefined);
  }
}

function* piecesOf(parts: readonly IsoPart[], limit: number): Generator<IsoPart> {
  let left = limit;
  for (const { offset, bytes } of parts) {
    const wanted = Math.min(bytes, left);
    left -= wanted;
    for (let done = 0; done < wanted; done += CHUNK_BYTES)
      yield { offset: offset + done, bytes: Math.min(CHUNK_BYTES, wanted - done) };
  }
}
