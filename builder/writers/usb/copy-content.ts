import type { FileHandle } from 'node:fs/promises';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { hashBytes } from '../../hash.ts';
import { type HashingWorker, hashingWorker } from '../../hashing-worker.ts';
import type { Part } from '../../placed-content.ts';
import { deviceFailed, syncDevice } from './device-failed.ts';
import { type Drain, drainTo } from './drain.ts';
import { type OpenContent, openContent } from './open-content.ts';
import type { StickFile } from './stick-file.ts';

/** Files and the places of the stick that are theirs. */
export type PlacedFile = { file: StickFile; parts: readonly Part[] };

export type CopyTask = { signal: AbortSignal; onBytes: (count: number) => void };

const CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * Writes the content of files to their places. Returns the SHA-256 of each: computed on the way unless it was known.
 * With `held` also a known one is computed, and `MEDIUM_CORRUPT` names the file whose content is another.
 */
export async function copyContent(
  files: readonly PlacedFile[],
  to: FileHandle,
  task: CopyTask & { held: boolean },
): Promise<Map<string, string>> {
  const hashing: [StickFile, string | Promise<string>][] = [];
  const buffers = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)] as const;
  await using content = openContent();
  await using worker = hashingWorker();
  const drain = drainTo({ sync: () => syncDevice(to) });
  for (const { file, parts } of files) {
    const known = task.held ? undefined : file.sha256;
    hashing.push([file, known ?? hashOf(file, worker)]);
    await copyFile(file, parts, { content, to, buffers, drain }, task);
  }
  // The device takes what was written while the rest is hashed.
  const drained = drain.end();
  const hashes = new Map<string, string>();
  const [settled] = await Promise.all([Promise.all(hashing.map(([, hash]) => hash)), drained]);
  for (const [index, [file]] of hashing.entries()) {
    const sha256 = settled[index] ?? '';
    if (file.sha256 !== undefined && sha256 !== file.sha256) throw changed(file);
    hashes.set(file.path, sha256);
  }
  return hashes;
}

/** On another core, which reads what is being copied: hashing takes as long as copying. */
function hashOf({ content }: StickFile, hashing: HashingWorker): string | Promise<string> {
  return 'data' in content ? hashBytes(content.data) : hashing.hash(content);
}

type Copying = { content: OpenContent; to: FileHandle; buffers: readonly [Buffer, Buffer]; drain: Drain };

/** While a piece is written the next one is read. */
async function copyFile(
  file: StickFile,
  parts: readonly Part[],
  { content, to, buffers, drain }: Copying,
  { signal, onBytes }: CopyTask,
): Promise<void> {
  const pieces = piecesOf(parts);
  const read = async (index: number): Promise<Buffer | undefined> => {
    const piece = pieces[index];
    if (piece === undefined) return undefined;
    return await content.read(file, piece.position, buffers[(index % 2) as 0 | 1].subarray(0, piece.bytes));
  };
  let reading = read(0);
  let writing: Promise<unknown> = Promise.resolve();
  try {
    for (const [index, { offset, bytes }] of pieces.entries()) {
      signal.throwIfAborted();
      const chunk = (await reading) ?? Buffer.alloc(0);
      await writing;
      writing = writeWhole(to, chunk, offset).then(() => drain.add(chunk.length));
      reading = read(index + 1);
      // Both are looked at when their turn comes.
      for (const later of [writing, reading]) later.catch(() => undefined);
      onBytes(bytes);
    }
  } finally {
    await Promise.allSettled([writing, reading]);
  }
  await writing;
}

/** Reads every byte of the files back and compares it with what was to be written. `READ_BACK_FAILED` names the first. */
export async function compareContent(files: readonly PlacedFile[], from: FileHandle, task: CopyTask): Promise<void> {
  await using content = openContent();
  const buffers = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)] as const;
  const others = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)] as const;
  const pieces = files.flatMap(({ file, parts }) => piecesOf(parts).map((piece) => ({ file, piece })));
  const read = async (index: number) => {
    const next = pieces[index];
    if (next === undefined) return undefined;
    const { file, piece } = next;
    const turn = (index % 2) as 0 | 1;
    const [wanted, found] = await Promise.all([
      content.read(file, piece.position, buffers[turn].subarray(0, piece.bytes)),
      readWhole(from, others[turn].subarray(0, piece.bytes), piece.offset, file.path),
    ]);
    return { file, wanted, found };
  };
  let reading = read(0);
  try {
    for (let index = 0; ; index++) {
      const pair = await reading;
      if (pair === undefined) return;
      reading = read(index + 1);
      // Looked at when its turn comes.
      reading.catch(() => undefined);
      task.signal.throwIfAborted();
      if (!pair.wanted.equals(pair.found)) throw unlike(pair.file.path);
      task.onBytes(pair.found.length);
    }
  } finally {
    await reading.catch(() => undefined);
  }
}

/** The same for bytes that are no file's: tables and folders. `what` names them in the error. */
export async function compareBytes(from: FileHandle, data: Uint8Array, offset: number, what: string): Promise<void> {
  for (let done = 0; done < data.length; done += CHUNK_BYTES) {
    const wanted = data.subarray(done, done + CHUNK_BYTES);
    const found = await readWhole(from, Buffer.allocUnsafe(wanted.length), offset + done, what);
    if (!found.equals(wanted)) throw unlike(what);
  }
}

/** A device may take less than it is given. Its own words where it fails: `DEVICE_FAILED`. */
export async function writeWhole(to: FileHandle, data: Uint8Array, offset: number): Promise<void> {
  try {
    for (let done = 0; done < data.length; ) {
      const { bytesWritten } = await to.write(data, done, data.length - done, offset + done);
      done += bytesWritten;
    }
  } catch (cause) {
    throw deviceFailed(`it cannot be written at byte ${offset}`, cause);
  }
}

async function readWhole(from: FileHandle, buffer: Buffer, offset: number, what: string): Promise<Buffer> {
  try {
    const { bytesRead } = await from.read(buffer, 0, buffer.length, offset);
    return buffer.subarray(0, bytesRead);
  } catch (cause) {
    throw new MediasmithError('READ_BACK_FAILED', `${what} cannot be read back from byte ${offset}: ${String(cause)}`, {
      where: what,
      hint: WORN,
      cause,
    });
  }
}

const WORN = 'The stick is worn or pretends to be larger than it is: use another one. It does not start.';

function unlike(what: string): MediasmithError {
  return new MediasmithError('READ_BACK_FAILED', `what was read back of ${what} is not what was written`, {
    where: what,
    hint: WORN,
  });
}

function changed({ path }: StickFile): MediasmithError {
  return new MediasmithError('MEDIUM_CORRUPT', `${path} of the medium is not what its manifest says`, {
    where: path,
    hint: 'Build the medium again, or copy it again. The stick does not start.',
  });
}

/**
 * Places in pieces that fit the buffers, each with its position in the file. They end where the stick's whole chunks do:
 * kernel and flash take those several times as fast.
 */
function piecesOf(parts: readonly Part[]): { offset: number; position: number; bytes: number }[] {
  const pieces: { offset: number; position: number; bytes: number }[] = [];
  let position = 0;
  for (const { offset, bytes } of parts) {
    for (let done = 0; done < bytes; ) {
      const length = Math.min(CHUNK_BYTES - ((offset + done) % CHUNK_BYTES), bytes - done);
      pieces.push({ offset: offset + done, position, bytes: length });
      position += length;
      done += length;
    }
  }
  return pieces;
}
