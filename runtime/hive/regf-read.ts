import { LARGEST_PLAIN_DATA } from './regf-big-data.ts';

/** Where the bins begin; cells count from there. */
const BINS = 4096;
const VALUE_IN_PLACE = 0x80000000;
const DWORD = 4;
const KEY_NAME = { text: 76, length: 72, flags: 2, latin1: 0x20 } as const;
const VALUE_NAME = { text: 20, length: 2, flags: 16, latin1: 1 } as const;

/**
 * A text value of a hive by the path of its key, with backslashes and in any case. Undefined where there is none, and in
 * what is no hive. What a log beside the hive has not written into it yet is not seen.
 */
export function hiveText(hive: Buffer, path: string, name: string): string | undefined {
  return valueAt(hive, path, name)?.data.toString('utf16le').replace(/\0.*$/s, '');
}

/** A DWORD of a hive, as {@link hiveText} finds a text. */
export function hiveNumber(hive: Buffer, path: string, name: string): number | undefined {
  const value = valueAt(hive, path, name);
  return value?.type === DWORD && value.data.length === 4 ? value.data.readUInt32LE() : undefined;
}

type FoundValue = { type: number; data: Buffer };

function valueAt(hive: Buffer, path: string, name: string): FoundValue | undefined {
  try {
    if (hive.toString('latin1', 0, 4) !== 'regf') return undefined;
    const { key, missing } = nearestKey(hive, path.split('\\'));
    if (missing.length > 0) return undefined;
    const value = valueCells(hive, key).find((cell) => sameName(valueName(hive, cell), name));
    return value === undefined ? undefined : readValue(hive, value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The last key of a path that is there, by the offset of its cell, and the names below it that are not. */
export function nearestKey(hive: Buffer, path: readonly string[]): { key: number; missing: readonly string[] } {
  let key = hive.readUInt32LE(36);
  for (const [depth, name] of path.entries()) {
    const child = subkeyCells(hive, key).find((cell) => sameName(keyName(hive, cell), name));
    if (child === undefined) return { key, missing: path.slice(depth) };
    key = child;
  }
  return { key, missing: [] };
}

/** Where the content of a cell begins in the file: it begins with its size. */
export const cell = (offset: number): number => BINS + offset + 4;

/** The keys below one, by the offsets of their cells. */
export function subkeyCells(hive: Buffer, key: number): number[] {
  return hive.readUInt32LE(cell(key) + 20) === 0 ? [] : listed(hive, hive.readUInt32LE(cell(key) + 28));
}

/** A list, or a list of lists. */
function listed(hive: Buffer, list: number): number[] {
  const at = cell(list);
  const kind = hive.toString('latin1', at, at + 2);
  const step = kind === 'lf' || kind === 'lh' ? 8 : 4;
  const items = Array.from({ length: hive.readUInt16LE(at + 2) }, (_, nth) => hive.readUInt32LE(at + 4 + nth * step));
  return kind === 'ri' ? items.flatMap((item) => listed(hive, item)) : items;
}

/** The values of a key, by the offsets of their cells. */
export function valueCells(hive: Buffer, key: number): number[] {
  const count = hive.readUInt32LE(cell(key) + 36);
  if (count === 0) return [];
  const list = cell(hive.readUInt32LE(cell(key) + 40));
  return Array.from({ length: count }, (_, nth) => hive.readUInt32LE(list + nth * 4));
}

/** Undefined for data in several cells, as long ones have it from 1.4 on: nothing that is asked for is so long. */
function readValue(hive: Buffer, value: number): FoundValue | undefined {
  const size = hive.readUInt32LE(cell(value) + 4);
  if (size > LARGEST_PLAIN_DATA && size < VALUE_IN_PLACE && hive.readUInt32LE(24) > 3) return undefined;
  const at = size >= VALUE_IN_PLACE ? cell(value) + 8 : cell(hive.readUInt32LE(cell(value) + 8));
  const data = hive.subarray(at, at + (size % VALUE_IN_PLACE));
  return { type: hive.readUInt32LE(cell(value) + 12), data };
}

export function keyName(hive: Buffer, key: number): string {
  return nameIn(hive, key, KEY_NAME);
}

export function valueName(hive: Buffer, value: number): string {
  return nameIn(hive, value, VALUE_NAME);
}

function nameIn(hive: Buffer, at: number, places: typeof KEY_NAME | typeof VALUE_NAME): string {
  const start = cell(at) + places.text;
  const encoding = (hive.readUInt16LE(cell(at) + places.flags) & places.latin1) === 0 ? 'utf16le' : 'latin1';
  return hive.toString(encoding, start, start + hive.readUInt16LE(cell(at) + places.length));
}

/** Names of the registry know no case. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
