/** exFAT's checksum of 32 bits: rotated right by one, then the byte added. Bytes at `skipped` do not count. */
export function checksum32(bytes: Uint8Array, skipped: readonly number[] = []): number {
  let sum = 0;
  for (const [at, byte] of bytes.entries()) {
    if (!skipped.includes(at)) sum = (((sum << 31) | (sum >>> 1)) + byte) >>> 0;
  }
  return sum;
}

/** The same with 16 bits: of entry sets and of names. */
export function checksum16(bytes: Uint8Array, skipped: readonly number[] = []): number {
  let sum = 0;
  for (const [at, byte] of bytes.entries()) {
    if (!skipped.includes(at)) sum = ((((sum << 15) & 0xffff) | (sum >>> 1)) + byte) & 0xffff;
  }
  return sum;
}
