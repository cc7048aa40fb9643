import { closeSync, openSync } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exec } from '../../../runtime/host/exec.ts';
import { widenPipe } from '../../../runtime/native/linux-pipe.ts';

/** A pipe with a name, for a program that writes to nothing else. */
export type NamedPipe = AsyncDisposable & {
  path: string;
  /** `buffers` are filled by turns. */
  open(buffers: readonly Uint8Array[]): PipeReader;
  /** Says that nobody will begin to write any more: the pipe ends with those who still do. */
  release(): Promise<void>;
};

export type PipeReader = Disposable & {
  /** Fills the next buffer, which is free by then. Fewer bytes than it holds: the pipe has ended. */
  read(): Promise<Uint8Array>;
};

/**
 * What Linux grants everybody (pipe-max-size). Of the usual 64 KiB the two ends wait for each other most of the time: an
 * ISO takes a third longer.
 */
const PIPE_BYTES = 1024 ** 2;

/** Not beside any output: a stick or a share has no pipes. */
export async function namedPipe(exec: Exec): Promise<NamedPipe> {
  const folder = await mkdtemp(join(tmpdir(), 'mediasmith-pipe-'));
  const path = join(folder, 'pipe');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await exec(['mkfifo', '--mode=600', path]);
    // Linux lets one open both ends: a reader neither waits for a writer nor finds an end before there was one.
    const ends = await open(path, 'r+');
    await widenPipe(ends.fd, PIPE_BYTES);
    return {
      path,
      open: (buffers) => pipeReader(openSync(path, 'r'), buffers),
      release: () => ends.close(),
      [Symbol.asyncDispose]: async () => {
        await ends.close();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

function pipeReader(fd: number, buffers: readonly Uint8Array[]): PipeReader {
  const [first] = buffers;
  if (first === undefined) throw new Error('nothing to read into');
  let buffer = first;
  let turn = 0;
  let filled = 0;
  let filling = Promise.withResolvers<Uint8Array>();
  const onread = {
    buffer: () => buffer.subarray(filled),
    callback: (bytes: number): boolean => {
      filled += bytes;
      if (filled < buffer.length) return true;
      const full = buffer;
      turn = (turn + 1) % buffers.length;
      buffer = buffers[turn] ?? first;
      filled = 0;
      filling.resolve(full);
      return false;
    },
  };
  // A socket begins to read as soon as there is one.
  let socket: Socket | undefined;
  const start = (): Socket => {
    const started = new Socket({ fd, readable: true, writable: false, onread });
    started.on('end', () => filling.resolve(buffer.subarray(0, filled)));
    return started.on('error', (error) => filling.reject(error));
  };
  return {
    read: () => {
      if (socket?.readableEnded === true) return Promise.resolve(buffer.subarray(0, 0));
      filling = Promise.withResolvers();
      socket ??= start();
      socket.resume();
      return filling.promise;
    },
    [Symbol.dispose]: () => {
      if (socket === undefined) closeSync(fd);
      else socket.destroy();
    },
  };
}
