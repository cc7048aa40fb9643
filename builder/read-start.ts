import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as after } from 'node:timers/promises';

export type StartOptions = {
  /** Whether what was read is all that is wanted; else a pipe is read until it ends. */
  enough?: (read: Buffer) => boolean;
  /** How long a pipe may say nothing: long enough for a person whom the writing program asks for something. */
  pipeSeconds?: number;
};

const PIPE_SECONDS = 30;
const AGAIN_MILLISECONDS = 20;
const AGAIN = ['EAGAIN', 'EWOULDBLOCK'];

/**
 * The first bytes of a small file, at most `most`: whoever asks for one more than there may be sees that it is too large.
 * A pipe is read from where it stands. An ordinary Error for a folder, a device, and a pipe that says nothing; the
 * operating system's for what cannot be read.
 */
export async function readStart(
  file: string,
  most: number,
  { enough = () => false, pipeSeconds = PIPE_SECONDS }: StartOptions = {},
): Promise<Buffer> {
  // Before it is opened: opening a device may do something, and a pipe waits for somebody who writes.
  const kind = await stat(file);
  if (kind.isDirectory()) throw new Error('it is a folder');
  if (!kind.isFile() && !kind.isFIFO()) throw new Error('it is a device');
  await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const room = Buffer.alloc(most);
  let read = room.subarray(0, 0);
  for (let until = Number.POSITIVE_INFINITY; read.length < most && !enough(read); ) {
    const bytes = await readInto(handle, room.subarray(read.length));
    if (bytes === 0 && (kind.isFile() || read.length > 0)) break;
    if (bytes > 0) {
      read = room.subarray(0, read.length + bytes);
      until = Number.POSITIVE_INFINITY;
      continue;
    }
    until = Math.min(until, Date.now() + pipeSeconds * 1000);
    if (Date.now() >= until) throw new Error('it is a pipe, and nothing comes out of it');
    await after(AGAIN_MILLISECONDS);
  }
  return read;
}

const NOTHING_YET = -1;

async function readInto(handle: FileHandle, room: Buffer): Promise<number> {
  try {
    return (await handle.read(room, 0, room.length, null)).bytesRead;
  } catch (error) {
    if (error instanceof Error && 'code' in error && AGAIN.includes(String(error.code))) return NOTHING_YET;
    throw error;
  }
}
