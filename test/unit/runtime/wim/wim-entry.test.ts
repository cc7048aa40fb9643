import { expect, it } from 'vitest';
import { readEntry, type WimEntry } from '../../../../runtime/wim/wim-entry.ts';

const COMPRESSED = 0x1;
const MISSING = 0x10;

type Fields = { attributes: number; path: string; bytes?: number; part?: number; flags?: number };

function entry({ attributes, path, bytes = 1234, part = 1, flags = 0 }: Fields): WimEntry {
  const numbers = new Map([
    [48, attributes],
    [256, bytes],
    [272, 208],
    [300, part],
    [308, flags],
  ]);
  return readEntry({
    number: (offset) => numbers.get(offset) ?? Number.NaN,
    text: (offset) => (offset === 16 ? path : null),
  });
}

it('reads a file with its place, and a path with backslashes', () => {
  expect(entry({ attributes: 0x20, path: '\\Windows\\notepad.exe' })).toEqual({
    path: '/Windows/notepad.exe',
    directory: false,
    bytes: 1234,
    offset: 208,
  });
});

it('reads a folder, which has no size', () => {
  expect(entry({ attributes: 0x2010, path: '/Windows' })).toEqual({ path: '/Windows', directory: true, bytes: 0 });
});

it('knows no place of what is compressed, missing, empty or in another part', () => {
  const file = { attributes: 0x20, path: '/a' };
  for (const change of [{ flags: COMPRESSED }, { flags: MISSING, part: 0 }, { bytes: 0 }, { part: 2 }])
    expect(entry({ ...file, ...change })).not.toHaveProperty('offset');
});
