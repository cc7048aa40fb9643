/** How far a call is. Both figures are in bytes of file data before compression. */
export type WimProgress = { doneBytes: number; totalBytes: number };

export type WimCallOptions = {
  onProgress?: (progress: WimProgress) => void;
  /** Ends the call at the library's next message, with `INTERRUPTED`. */
  signal?: AbortSignal;
};

/** The messages that count bytes, and where the two figures lie in `union wimlib_progress_info` of a 64-bit build. */
const OFFSETS: Readonly<Record<number, { done: number; total: number }>> = {
  4: { done: 48, total: 40 }, // EXTRACT_STREAMS
  12: { done: 16, total: 0 }, // WRITE_STREAMS
  29: { done: 32, total: 16 }, // VERIFY_STREAMS
};

/** The progress in one message of the library, or undefined where the message counts no file data. */
export function progressOf(message: number, readUint64: (offset: number) => number): WimProgress | undefined {
  const offsets = OFFSETS[message];
  if (offsets === undefined) return undefined;
  return { doneBytes: readUint64(offsets.done), totalBytes: readUint64(offsets.total) };
}
