export const BASE_BLOCK_SIZE = 4096;

const CHECKSUM_AT = 508;
/** `regf` and `hbin`, as numbers: the log of a hive has the first alone. */
const SIGNATURES = { hive: 0x66676572, bin: 0x6e696268 } as const;

/** The first 4096 bytes of a hive: a clean one, since both sequence numbers are the same. */
export function baseBlock(hive: {
  minorVersion: number;
  rootOffset: number;
  binsSize: number;
  time: bigint;
}): Uint8Array {
  const block = new Uint8Array(BASE_BLOCK_SIZE);
  const view = new DataView(block.buffer);
  block.set(Buffer.from('regf', 'latin1'));
  view.setUint32(4, 1, true);
  view.setUint32(8, 1, true);
  view.setBigUint64(12, hive.time, true);
  view.setUint32(20, 1, true);
  view.setUint32(24, hive.minorVersion, true);
  view.setUint32(32, 1, true);
  view.setUint32(36, hive.rootOffset, true);
  view.setUint32(40, hive.binsSize, true);
  view.setUint32(44, 1, true);
  view.setUint32(CHECKSUM_AT, checksum(view), true);
  return block;
}

/**
 * Where the bins of a hive end, in bytes from its beginning. Undefined for what is no whole hive, and for one that is not
 * clean: a log beside it has what it lacks, and would be written over whatever is changed.
 */
export function endOfCleanHive(hive: Uint8Array): number | undefined {
  if (hive.length <= BASE_BLOCK_SIZE + 4) return undefined;
  const view = new DataView(hive.buffer, hive.byteOffset, BASE_BLOCK_SIZE + 4);
  const end = BASE_BLOCK_SIZE + view.getUint32(40, true);
  const clean =
    view.getUint32(0, true) === SIGNATURES.hive &&
    view.getUint32(BASE_BLOCK_SIZE, true) === SIGNATURES.bin &&
    view.getUint32(4, true) === view.getUint32(8, true) &&
    view.getUint32(CHECKSUM_AT, true) === checksum(view);
  return clean && end <= hive.length ? end : undefined;
}

/** Makes the base block of a hive that was changed say so: clean, with bins to its end. */
export function renewBaseBlock(hive: Uint8Array, time: bigint): void {
  const view = new DataView(hive.buffer, hive.byteOffset, BASE_BLOCK_SIZE);
  const sequence = (view.getUint32(4, true) + 1) >>> 0;
  view.setUint32(4, sequence, true);
  view.setUint32(8, sequence, true);
  view.setBigUint64(12, time, true);
  view.setUint32(40, hive.length - BASE_BLOCK_SIZE, true);
  view.setUint32(CHECKSUM_AT, checksum(view), true);
}

/** Exclusive or of the 127 words before it. Zero and all ones are reserved and step aside by one. */
function checksum(view: DataView): number {
  let sum = 0;
  for (let at = 0; at < CHECKSUM_AT; at += 4) sum ^= view.getUint32(at, true);
  const unsigned = sum >>> 0;
  if (unsigned === 0) return 1;
  return unsigned === 0xffffffff ? 0xfffffffe : unsigned;
}
