import { type FileHandle, open } from 'node:fs/promises';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { Place } from '../../placed-content.ts';
import type { StickFile } from './stick-file.ts';

/** Reads content of files from any position on; each file it lies in is opened once. */
export type OpenContent = AsyncDisposable & {
  /** Fills the buffer and returns it. `SOURCE_CHANGED` where the source ends before. */
  read(file: StickFile, position: number, buffer: Buffer): Promise<Buffer>;
};

/** Sources that are open at a time: one for a medium, one each for a build. */
const OPEN_AT_A_TIME = 16;

export function openContent(): OpenContent {
  const handles = new Map<string, FileHandle>();
  const handleOf = async (path: string): Promise<FileHandle> => {
    const there = handles.get(path);
    if (there !== undefined) return there;
    const [oldest] = handles;
    if (oldest !== undefined && handles.size >= OPEN_AT_A_TIME) {
      handles.delete(oldest[0]);
      await oldest[1].close();
    }
    const handle = await open(path, 'r');
    handles.set(path, handle);
    return handle;
  };
  return {
    read: async ({ path, content }, position, buffer) => {
      if ('data' in content) {
        buffer.set(content.data.subarray(position, position + buffer.length));
        return buffer;
      }
      const handle = await handleOf(content.file);
      for (const { offset, at, bytes } of piecesAt(content, position, buffer.length)) {
        const { bytesRead } = await handle.read(buffer, at, bytes, offset);
        if (bytesRead < bytes) throw changed(path, content);
      }
      return buffer;
    },
    [Symbol.asyncDispose]: async () => {
      for (const handle of handles.values()) await handle.close();
    },
  };
}

/** Where `count` bytes of a content lie from `position` on, and where in the buffer each piece goes. */
function piecesAt({ parts }: Place, position: number, count: number): { offset: number; at: number; bytes: number }[] {
  const pieces: { offset: number; at: number; bytes: number }[] = [];
  let start = 0;
  for (const { offset, bytes } of parts) {
    const from = Math.max(position, start);
    const to = Math.min(position + count, start + bytes);
    if (from < to) pieces.push({ offset: offset + from - start, at: from - position, bytes: to - from });
    start += bytes;
  }
  return pieces;
}

function changed(path: string, { file }: Place): MediasmithError {
  return new MediasmithError('SOURCE_CHANGED', `${file} has become shorter while ${path} was read from it`, {
    where: file,
    hint: 'Leave sources alone while a medium is written, and start again.',
  });
}
