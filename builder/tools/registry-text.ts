import type { HiveData } from '../../runtime/hive/hive-tree.ts';
import { dataBytes, TYPE_CODES } from '../../runtime/hive/regf-values.ts';

type Keys = ReadonlyMap<string, ReadonlyMap<string, HiveData>>;

const HEADER = 'Windows Registry Editor Version 5.00';

/** Reads registry text as hivexregedit writes it: one line a value, every type in hexadecimal but DWORD. */
export function parseRegistryText(text: string): Map<string, Map<string, HiveData>> {
  const keys = new Map<string, Map<string, HiveData>>();
  let values = new Map<string, HiveData>();
  for (const line of text.split('\n')) {
    const path = /^\[\\(.*)\]$/.exec(line)?.[1];
    if (path !== undefined) {
      values = new Map();
      keys.set(path, values);
      continue;
    }
    const value = /^(?:@|"((?:[^"\\]|\\.)*)")=(?:dword:([0-9a-f]{8})|hex\(([0-9a-f]+)\):([0-9a-f,]*))$/.exec(line);
    if (value === null) continue;
    const [, name = '', dword, type = '', hex = ''] = value;
    const data = dword === undefined ? typed(Number.parseInt(type, 16), hexBytes(hex)) : number(dword);
    values.set(name.replace(/\\(.)/g, '$1'), data);
  }
  return keys;
}

/** Registry text that hivexregedit merges: a key that may have to be made comes before those below it. */
export function registryText(keys: Keys): string {
  const sections = withParents(keys).map(([path, values]) =>
    [`[\\${oneLine(path)}]`, ...[...values].map(([name, data]) => `${shownName(name)}=${shownData(data)}`)].join('\n'),
  );
  return `${[HEADER, ...sections].join('\n\n')}\n`;
}

function typed(code: number, bytes: Buffer): HiveData {
  const text = bytes.toString('utf16le');
  if (code === TYPE_CODES.SZ || code === TYPE_CODES.EXPAND_SZ) {
    return { type: code === TYPE_CODES.SZ ? 'SZ' : 'EXPAND_SZ', data: text.split('\0')[0] ?? '' };
  }
  if (code === TYPE_CODES.MULTI_SZ) return { type: 'MULTI_SZ', data: stringsOf(text) };
  if (code === TYPE_CODES.QWORD && bytes.length === 8) return { type: 'QWORD', data: bytes.readBigUInt64LE() };
  return { type: 'BINARY', data: new Uint8Array(bytes) };
}

/** The list ends at the first empty text. */
function stringsOf(text: string): string[] {
  const strings = text.split('\0');
  const end = strings.indexOf('');
  return end === -1 ? strings : strings.slice(0, end);
}

function number(hex: string): HiveData {
  return { type: 'DWORD', data: Number.parseInt(hex, 16) };
}

function hexBytes(hex: string): Buffer {
  return Buffer.from(hex.replaceAll(',', ''), 'hex');
}

function withParents(keys: Keys): [string, ReadonlyMap<string, HiveData>][] {
  const all = new Map<string, ReadonlyMap<string, HiveData>>();
  for (const [path, values] of keys) {
    const names = path === '' ? [] : path.split('\\');
    for (let depth = 1; depth < names.length; depth++) {
      const parent = names.slice(0, depth).join('\\');
      if (!all.has(parent)) all.set(parent, new Map());
    }
    all.set(path, values);
  }
  // A parent may be named after its child; its place is before it all the same.
  return [...all].toSorted(([a], [b]) => a.split('\\').length - b.split('\\').length);
}

function shownName(name: string): string {
  return name === '' ? '@' : `"${oneLine(name).replace(/[\\"]/g, '\\$&')}"`;
}

function shownData(data: HiveData): string {
  const hex = Buffer.from(dataBytes(data)).toString('hex').match(/../g) ?? [];
  return `hex(${TYPE_CODES[data.type].toString(16)}):${hex.join(',')}`;
}

function oneLine(name: string): string {
  if (/[\r\n\0]/.test(name)) throw new Error(`a line break in a registry name: ${JSON.stringify(name)}`);
  return name;
}
