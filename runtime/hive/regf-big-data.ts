import type { HiveBins } from './regf-bins.ts';

/** The longest data, in bytes, that is one cell; longer data is cut into segments of this length. */
export const LARGEST_PLAIN_DATA = 16_344;

const MOST_SEGMENTS = 0xffff;

/** Adds a value's data as a `db` cell, its list and its segments. Throws an ordinary Error beyond a gigabyte. */
export function addBigData(bins: HiveBins, data: Uint8Array): number {
  const count = Math.ceil(data.length / LARGEST_PLAIN_DATA);
  if (count > MOST_SEGMENTS) throw new Error(`${data.length} bytes are too many for a registry value`);
  const segments = new Uint8Array(count * 4);
  const view = new DataView(segments.buffer);
  for (let index = 0; index < count; index++) {
    const at = index * LARGEST_PLAIN_DATA;
    // Windows gives the last segment a cell of full length too, and hivex counts on it.
    const segment = bins.reserve(LARGEST_PLAIN_DATA);
    bins.put(segment, data.subarray(at, at + LARGEST_PLAIN_DATA));
    view.setUint32(index * 4, segment, true);
  }
  return bins.add(bigDataCell(count, bins.add(segments)));
}

function bigDataCell(count: number, list: number): Uint8Array {
  const cell = new Uint8Array(12);
  const view = new DataView(cell.buffer);
  cell.set(Buffer.from('db', 'latin1'));
  view.setUint16(2, count, true);
  view.setUint32(4, list, true);
  return cell;
}
