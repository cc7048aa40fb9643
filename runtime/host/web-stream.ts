import type { WebFiles } from './web-files.ts';

const PIECE_BYTES = 4 * 1024 * 1024;
/** So many pieces are asked for at once, that the line is never idle while one is hashed or written. */
const PIECES_AHEAD = 4;

/** A file of the web server that must have `bytes` bytes, from its beginning to its end. */
export async function* webStream(
  files: WebFiles,
  path: string,
  bytes: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const left = new AbortController();
  const stop = AbortSignal.any([signal, left.signal]);
  const pieces: Promise<Uint8Array>[] = [];
  let asked = 0;
  try {
    for (;;) {
      while (pieces.length < PIECES_AHEAD && asked < bytes) {
        const length = Math.min(PIECE_BYTES, bytes - asked);
        const piece = files.read(path, asked, length, bytes, stop);
        // One that fails is heard of in its turn, or never, when one before it has failed.
        piece.catch(() => undefined);
        pieces.push(piece);
        asked += length;
      }
      const piece = pieces.shift();
      if (piece === undefined) return;
      yield await piece;
    }
  } finally {
    left.abort();
  }
}
