import type { HiveBins } from './regf-bins.ts';
import { NO_CELL } from './regf-key.ts';
import { nameHash, nameHint } from './regf-names.ts';

export type Subkey = { name: string; offset: number };

/** As many entries of 8 bytes as one bin of 4096 bytes can hold; Windows starts a second list there. */
const ENTRIES_PER_LIST = 507;

/** Adds the list of subkeys, which must be sorted: one list, or an `ri` over several. Returns its offset. */
export function addSubkeyList(bins: HiveBins, subkeys: readonly Subkey[], minorVersion: 3 | 5): number {
  if (subkeys.length === 0) return NO_CELL;
  const lists: number[] = [];
  for (let at = 0; at < subkeys.length; at += ENTRIES_PER_LIST) {
    lists.push(bins.add(leaf(subkeys.slice(at, at + ENTRIES_PER_LIST), minorVersion)));
  }
  const [only = NO_CELL] = lists;
  return lists.length === 1 ? only : bins.add(indexRoot(lists));
}

/** `lh` (hashes) came with 1.5; before it, `lf` (the first four characters). */
function leaf(subkeys: readonly Subkey[], minorVersion: 3 | 5): Uint8Array {
  const cell = new Uint8Array(4 + subkeys.length * 8);
  const view = new DataView(cell.buffer);
  cell.set(Buffer.from(minorVersion === 5 ? 'lh' : 'lf', 'latin1'));
  view.setUint16(2, subkeys.length, true);
  for (const [index, { name, offset }] of subkeys.entries()) {
    const at = 4 + index * 8;
    view.setUint32(at, offset, true);
    if (minorVersion === 5) view.setUint32(at + 4, nameHash(name), true);
    else cell.set(nameHint(name), at + 4);
  }
  return cell;
}

function indexRoot(lists: readonly number[]): Uint8Array {
  const cell = new Uint8Array(4 + lists.length * 4);
  const view = new DataView(cell.buffer);
  cell.set(Buffer.from('ri', 'latin1'));
  view.setUint16(2, lists.length, true);
  for (const [index, offset] of lists.entries()) view.setUint32(4 + index * 4, offset, true);
  return cell;
}
