import { MediasmithError } from '../../runtime/contract/errors.ts';

/** Little-endian reading that never leaves the file: every method throws `SOURCE_INVALID` where the file ends too early. */
export type BoundedBytes = {
  readonly length: number;
  u16(at: number): number;
  u32(at: number): number;
  slice(at: number, length: number): Uint8Array;
  /** ASCII up to a zero byte, which must come within 260 characters. */
  name(at: number): string;
};

const LONGEST_NAME = 260;

export function boundedBytes(file: Uint8Array, where: string): BoundedBytes {
  const slice = (at: number, length: number): Uint8Array => {
    if (at < 0 || length < 0 || at + length > file.length) throw notPe(where, `it ends before byte ${at + length}`);
    return file.subarray(at, at + length);
  };
  const view = (at: number, length: number): DataView => {
    const part = slice(at, length);
    return new DataView(part.buffer, part.byteOffset, part.byteLength);
  };
  return {
    length: file.length,
    u16: (at) => view(at, 2).getUint16(0, true),
    u32: (at) => view(at, 4).getUint32(0, true),
    slice,
    name: (at) => {
      const part = slice(at, Math.min(LONGEST_NAME, Math.max(0, file.length - at)));
      const end = part.indexOf(0);
      if (end < 0) throw notPe(where, `the name at byte ${at} has no end`);
      return Buffer.from(part.subarray(0, end)).toString('latin1');
    },
  };
}

/** The one error for a file that is no whole PE file. */
export function notPe(where: string, reason: string, cause?: unknown): MediasmithError {
  return new MediasmithError('SOURCE_INVALID', `${where} is not a whole Windows or EFI program: ${reason}`, {
    where,
    hint: 'Take the file from its source again: it is damaged, or it is something else.',
    ...(cause !== undefined && { cause }),
  });
}
