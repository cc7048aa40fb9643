import type { HiveData, HiveValue } from './hive-tree.ts';
import { addBigData, LARGEST_PLAIN_DATA } from './regf-big-data.ts';
import type { HiveBins } from './regf-bins.ts';
import { NO_CELL } from './regf-key.ts';
import { storedName } from './regf-names.ts';

/** Numbers of the types, as hives and registry text have them. */
export const TYPE_CODES = { SZ: 1, EXPAND_SZ: 2, BINARY: 3, DWORD: 4, MULTI_SZ: 7, QWORD: 11 } as const;
const VALUE_CELL_SIZE = 20;
const FLAG_COMPRESSED_NAME = 1;
const IN_THE_CELL = 0x80000000;

/** Adds a key's values and the list of them. */
export function addValues(
  bins: HiveBins,
  values: readonly HiveValue[],
  minorVersion: 3 | 5,
): { count: number; list: number; longestData: number } {
  if (values.length === 0) return { count: 0, list: NO_CELL, longestData: 0 };
  const list = new Uint8Array(values.length * 4);
  const view = new DataView(list.buffer);
  let longestData = 0;
  for (const [index, value] of values.entries()) {
    const { offset, length } = addValue(bins, value, minorVersion);
    view.setUint32(index * 4, offset, true);
    longestData = Math.max(longestData, length);
  }
  return { count: values.length, list: bins.add(list), longestData };
}

/** Adds a value that no list names yet. `length`: of its data. */
export function addValue(bins: HiveBins, value: HiveValue, minorVersion: 3 | 5): { offset: number; length: number } {
  const data = dataBytes(value);
  const offset = bins.add(valueCell(value, data.length, dataField(bins, data, minorVersion)));
  return { offset, length: data.length };
}

/** The bytes of a value as the registry hands them out. */
export function dataBytes(data: HiveData): Uint8Array {
  switch (data.type) {
    case 'SZ':
    case 'EXPAND_SZ':
      return Buffer.from(`${data.data}\0`, 'utf16le');
    case 'MULTI_SZ':
      return Buffer.from(`${data.data.map((text) => `${text}\0`).join('')}\0`, 'utf16le');
    case 'BINARY':
      return data.data;
    case 'DWORD':
      return new Uint8Array(Uint32Array.of(data.data).buffer);
    case 'QWORD':
      return new Uint8Array(BigUint64Array.of(data.data).buffer);
  }
}

/** Data of up to four bytes is kept in the field itself, longer data in a cell of its own. */
function dataField(bins: HiveBins, data: Uint8Array, minorVersion: 3 | 5): { sizeFlag: number; field: number } {
  if (data.length <= 4) {
    const field = new DataView(new ArrayBuffer(4));
    for (const [index, byte] of data.entries()) field.setUint8(index, byte);
    return { sizeFlag: IN_THE_CELL, field: field.getUint32(0, true) };
  }
  // Big data came with 1.4; a 1.3 hive keeps any length in one cell.
  const big = minorVersion === 5 && data.length > LARGEST_PLAIN_DATA;
  return { sizeFlag: 0, field: big ? addBigData(bins, data) : bins.add(data) };
}

function valueCell(value: HiveValue, size: number, data: { sizeFlag: number; field: number }): Uint8Array {
  const name = storedName(value.name);
  const cell = new Uint8Array(VALUE_CELL_SIZE + name.bytes.length);
  const view = new DataView(cell.buffer);
  cell.set(Buffer.from('vk', 'latin1'));
  view.setUint16(2, name.bytes.length, true);
  view.setUint32(4, (size | data.sizeFlag) >>> 0, true);
  view.setUint32(8, data.field, true);
  view.setUint32(12, TYPE_CODES[value.type], true);
  view.setUint16(16, name.compressed && name.bytes.length > 0 ? FLAG_COMPRESSED_NAME : 0, true);
  cell.set(name.bytes, VALUE_CELL_SIZE);
  return cell;
}
