import { filetime } from './filetime.ts';
import type { HiveKey } from './hive-tree.ts';
import { BASE_BLOCK_SIZE, baseBlock } from './regf-base-block.ts';
import { HiveBins } from './regf-bins.ts';
import { KEY_CELL_SIZE, keyCell } from './regf-key.ts';
import { checkKeyName, compareNames, storedName } from './regf-names.ts';
import { securityCell } from './regf-security.ts';
import { addSubkeyList } from './regf-subkeys.ts';
import { addValues } from './regf-values.ts';
import { fullControlOfAdministrators } from './security-descriptor.ts';

export type HiveOptions = {
  /** Last-written time of the hive and of every key. */
  timestamp: Date;
  /** 1.3 is what boot configuration stores have, 1.5 what the system's own hives have. 1.5 unless given. */
  minorVersion?: 3 | 5;
  /** One self-relative descriptor, shared by every key. Full control for administrators and the system unless given. */
  security?: Uint8Array;
};

/**
 * Writes a registry hive (regf). The same tree and options give the same bytes.
 *
 * Throws an ordinary Error for a name that a registry cannot hold and for two subkeys whose names differ in case only.
 */
export function writeHive(root: HiveKey, options: HiveOptions): Uint8Array {
  const { timestamp, minorVersion = 5, security = fullControlOfAdministrators() } = options;
  const time = filetime(timestamp);
  const bins = new HiveBins(BASE_BLOCK_SIZE, time);
  const rootOffset = reserveKey(bins, root);
  const securityOffset = bins.reserve(securityCell(security, 0, 0).length);
  const context = { bins, minorVersion, time, securityOffset };
  const keys = fillKey(context, root, rootOffset, undefined);
  bins.put(securityOffset, securityCell(security, securityOffset, keys));
  const hive = bins.close();
  hive.set(baseBlock({ minorVersion, rootOffset, binsSize: hive.length - BASE_BLOCK_SIZE, time }));
  return hive;
}

/** What the keys of a hive have in common. */
export type HiveContext = { bins: HiveBins; minorVersion: 3 | 5; time: bigint; securityOffset: number };

/** Adds a key with all below it, which no list names yet. Returns where it is and how many keys were written. */
export function addKey(context: HiveContext, key: HiveKey, parent: number): { offset: number; keys: number } {
  const offset = reserveKey(context.bins, key);
  return { offset, keys: fillKey(context, key, offset, parent) };
}

function reserveKey(bins: HiveBins, key: HiveKey): number {
  checkKeyName(key.name);
  return bins.reserve(KEY_CELL_SIZE + storedName(key.name).bytes.length);
}

/** Fills the cell reserved for a key and everything below it. Returns the number of keys written. */
function fillKey(context: HiveContext, key: HiveKey, offset: number, parent: number | undefined): number {
  const { bins, minorVersion } = context;
  const values = addValues(bins, key.values, minorVersion);
  const subkeys = sortedSubkeys(key).map((child) => ({ child, name: child.name, offset: reserveKey(bins, child) }));
  const count = subkeys.reduce((sum, { child, offset: at }) => sum + fillKey(context, child, at, offset), 1);
  bins.put(
    offset,
    keyCell({
      name: key.name,
      time: context.time,
      parent,
      securityOffset: context.securityOffset,
      subkeys: { count: subkeys.length, list: addSubkeyList(bins, subkeys, minorVersion) },
      longestSubkeyName: longest(key.keys.map((child) => child.name)),
      values,
      longestValueName: longest(key.values.map((value) => value.name)),
    }),
  );
  return count;
}

function sortedSubkeys(key: HiveKey): readonly HiveKey[] {
  const sorted = key.keys.toSorted((a, b) => compareNames(a.name, b.name));
  for (const [index, child] of sorted.entries()) {
    const next = sorted[index + 1];
    if (next !== undefined && compareNames(child.name, next.name) === 0) {
      throw new Error(`the key ${key.name} has two subkeys named ${child.name}`);
    }
  }
  return sorted;
}

/** In bytes of UTF-16, whichever way the name is stored. */
function longest(names: readonly string[]): number {
  return names.reduce((length, name) => Math.max(length, name.length * 2), 0);
}
