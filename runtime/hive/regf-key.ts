import { storedName } from './regf-names.ts';

/** Without the name that follows it. */
export const KEY_CELL_SIZE = 76;

export const NO_CELL = 0xffffffff;

const FLAG_ROOT = 0x04 | 0x08;
const FLAG_COMPRESSED_NAME = 0x20;

/** Lengths are in bytes. */
export type KeyCell = {
  name: string;
  time: bigint;
  /** Undefined for the root. */
  parent: number | undefined;
  securityOffset: number;
  subkeys: { count: number; list: number };
  longestSubkeyName: number;
  values: { count: number; list: number; longestData: number };
  longestValueName: number;
};

/** The content of an `nk` cell. */
export function keyCell(key: KeyCell): Uint8Array {
  const name = storedName(key.name);
  const cell = new Uint8Array(KEY_CELL_SIZE + name.bytes.length);
  const view = new DataView(cell.buffer);
  cell.set(Buffer.from('nk', 'latin1'));
  view.setUint16(2, (key.parent === undefined ? FLAG_ROOT : 0) | (name.compressed ? FLAG_COMPRESSED_NAME : 0), true);
  view.setBigUint64(4, key.time, true);
  view.setUint32(16, key.parent ?? NO_CELL, true);
  view.setUint32(20, key.subkeys.count, true);
  view.setUint32(28, key.subkeys.list, true);
  view.setUint32(32, NO_CELL, true);
  view.setUint32(36, key.values.count, true);
  view.setUint32(40, key.values.list, true);
  view.setUint32(44, key.securityOffset, true);
  view.setUint32(48, NO_CELL, true);
  view.setUint32(52, key.longestSubkeyName, true);
  view.setUint32(60, key.longestValueName, true);
  view.setUint32(64, key.values.longestData, true);
  view.setUint16(72, name.bytes.length, true);
  cell.set(name.bytes, KEY_CELL_SIZE);
  return cell;
}
