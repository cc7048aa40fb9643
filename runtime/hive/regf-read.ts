/** Where the bins begin; cells count from there. */
const BINS = 4096;
const VALUE_IN_PLACE = 0x80000000;
const NAME_IS_LATIN1 = { key: 0x20, value: 1 } as const;

/**
 * A text value of a hive by the path of its key, with backslashes and in any case. Undefined where there is none, and in
 * what is no hive. What a log beside the hive has not written into it yet is not seen.
 */
export function hiveText(hive: Buffer, path: string, name: string): string | undefined {
  try {
    if (hive.toString('latin1', 0, 4) !== 'regf') return undefined;
    let key: number | undefined = hive.readUInt32LE(36);
    for (const part of path.split('\\')) {
      if (key === undefined) return undefined;
      key = subkeys(hive, key).find(
        (child) => nameOf(hive, child, 76, 72, 2, NAME_IS_LATIN1.key) === part.toLowerCase(),
      );
    }
    return key === undefined ? undefined : textValue(hive, key, name.toLowerCase());
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A cell begins with its size. */
const cell = (offset: number): number => BINS + offset + 4;

/** The keys below one, by the offsets of their cells. */
function subkeys(hive: Buffer, key: number): number[] {
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

function textValue(hive: Buffer, key: number, name: string): string | undefined {
  const list = cell(hive.readUInt32LE(cell(key) + 40));
  for (let nth = 0; nth < hive.readUInt32LE(cell(key) + 36); nth++) {
    const value = hive.readUInt32LE(list + nth * 4);
    if (nameOf(hive, value, 20, 2, 16, NAME_IS_LATIN1.value) !== name) continue;
    const size = hive.readUInt32LE(cell(value) + 4);
    const bytes = size % VALUE_IN_PLACE;
    const at = size >= VALUE_IN_PLACE ? cell(value) + 8 : cell(hive.readUInt32LE(cell(value) + 8));
    return hive.toString('utf16le', at, at + bytes).replace(/\0.*$/s, '');
  }
  return undefined;
}

/** In lower case. */
function nameOf(hive: Buffer, at: number, text: number, length: number, flags: number, latin1: number): string {
  const start = cell(at) + text;
  const encoding = (hive.readUInt16LE(cell(at) + flags) & latin1) === 0 ? 'utf16le' : 'latin1';
  return hive.toString(encoding, start, start + hive.readUInt16LE(cell(at) + length)).toLowerCase();
}
