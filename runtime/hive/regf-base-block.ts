export const BASE_BLOCK_SIZE = 4096;

const CHECKSUM_AT = 508;

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

/** Exclusive or of the 127 words before it. Zero and all ones are reserved and step aside by one. */
function checksum(view: DataView): number {
  let sum = 0;
  for (let at = 0; at < CHECKSUM_AT; at += 4) sum ^= view.getUint32(at, true);
  const unsigned = sum >>> 0;
  if (unsigned === 0) return 1;
  return unsigned === 0xffffffff ? 0xfffffffe : unsigned;
}
