import { filetime } from './filetime.ts';
import { type HiveKey, type HiveValue, hiveKey } from './hive-tree.ts';
import { addKey } from './regf.ts';
import { BASE_BLOCK_SIZE, endOfCleanHive, renewBaseBlock } from './regf-base-block.ts';
import { LARGEST_PLAIN_DATA } from './regf-big-data.ts';
import { HiveBins } from './regf-bins.ts';
import { compareNames } from './regf-names.ts';
import { cell, keyName, nearestKey, sameName, subkeyCells, valueCells, valueName } from './regf-read.ts';
import { addSubkeyList } from './regf-subkeys.ts';
import { addValue } from './regf-values.ts';

/**
 * A hive with values set in a key by its path, with backslashes and in any case; keys that are missing are made, with the
 * rights of the key above them. All else keeps its place: what is new lies in bins behind the others. The same
 * inputs give the same bytes. Undefined for what is no whole hive and for one that is not clean.
 */
export function setHiveValues(
  hive: Buffer,
  path: string,
  values: readonly HiveValue[],
  timestamp: Date,
): Buffer | undefined {
  const end = endOfCleanHive(hive);
  if (end === undefined) return undefined;
  try {
    return edit(hive.subarray(0, end), path.split('\\'), values, filetime(timestamp));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function edit(hive: Buffer, path: readonly string[], values: readonly HiveValue[], time: bigint): Buffer {
  const bins = HiveBins.behind(hive, BASE_BLOCK_SIZE, time);
  const { key, missing } = nearestKey(hive, path);
  const place = { hive, bins, key, time, minorVersion: hive.readUInt32LE(24) > 4 ? 5 : 3 } as const;
  const patch = missing.length === 0 ? setValues(place, values) : addSubkey(place, newKeys(missing, values));
  const edited = Buffer.from(bins.close());
  patch(edited);
  edited.writeBigUInt64LE(time, cell(key) + 4);
  renewBaseBlock(edited, time);
  return edited;
}

type Edited = { hive: Buffer; bins: HiveBins; key: number; time: bigint; minorVersion: 3 | 5 };

/** What is still to be changed in a cell that keeps its place. */
type Patch = (edited: Buffer) => void;

/** A value of the same name is replaced where it stands in the list; others go to its end. */
function setValues({ hive, bins, key, minorVersion }: Edited, values: readonly HiveValue[]): Patch {
  const before = valueCells(hive, key);
  const cells = [...before];
  const longest = { name: 0, data: 0 };
  for (const value of values) {
    const { offset, length } = addValue(bins, value, minorVersion);
    const known = before.findIndex((at) => sameName(valueName(hive, at), value.name));
    const [old] = cells.splice(known === -1 ? cells.length : known, 1, offset);
    if (old !== undefined) freeValue(hive, bins, old);
    longest.name = Math.max(longest.name, value.name.length * 2);
    longest.data = Math.max(longest.data, length);
  }
  if (before.length > 0) bins.free(hive.readUInt32LE(cell(key) + 40));
  const list = bins.add(new Uint8Array(Uint32Array.from(cells).buffer));
  return (edited) => {
    const at = cell(key);
    edited.writeUInt32LE(cells.length, at + 36);
    edited.writeUInt32LE(list, at + 40);
    edited.writeUInt32LE(Math.max(edited.readUInt32LE(at + 60), longest.name), at + 60);
    edited.writeUInt32LE(Math.max(edited.readUInt32LE(at + 64), longest.data), at + 64);
  };
}

/** Data in several cells keeps its room: nothing refers to it from here on. */
function freeValue(hive: Buffer, bins: HiveBins, value: number): void {
  const size = hive.readUInt32LE(cell(value) + 4);
  if (size > 4 && size <= LARGEST_PLAIN_DATA) bins.free(hive.readUInt32LE(cell(value) + 8));
  bins.free(value);
}

function newKeys([first = '', ...below]: readonly string[], values: readonly HiveValue[]): HiveKey {
  return below.length === 0 ? { name: first, values, keys: [] } : hiveKey(first, {}, [newKeys(below, values)]);
}

function addSubkey({ hive, bins, key, time, minorVersion }: Edited, child: HiveKey): Patch {
  const securityOffset = hive.readUInt32LE(cell(key) + 44);
  const { offset, keys } = addKey({ bins, minorVersion, time, securityOffset }, child, key);
  const subkeys = subkeyCells(hive, key).map((at) => ({ name: keyName(hive, at), offset: at }));
  const all = [...subkeys, { name: child.name, offset }].toSorted((a, b) => compareNames(a.name, b.name));
  if (subkeys.length > 0) freeList(hive, bins, hive.readUInt32LE(cell(key) + 28));
  const list = addSubkeyList(bins, all, minorVersion);
  return (edited) => {
    const at = cell(key);
    edited.writeUInt32LE(all.length, at + 20);
    edited.writeUInt32LE(list, at + 28);
    // Two bytes: what follows them are flags.
    edited.writeUInt16LE(Math.max(edited.readUInt16LE(at + 52), child.name.length * 2), at + 52);
    const references = cell(securityOffset) + 12;
    edited.writeUInt32LE(edited.readUInt32LE(references) + keys, references);
  };
}

function freeList(hive: Buffer, bins: HiveBins, list: number): void {
  const at = cell(list);
  if (hive.toString('latin1', at, at + 2) === 'ri') {
    for (let nth = 0; nth < hive.readUInt16LE(at + 2); nth++) freeList(hive, bins, hive.readUInt32LE(at + 4 + nth * 4));
  }
  bins.free(list);
}
