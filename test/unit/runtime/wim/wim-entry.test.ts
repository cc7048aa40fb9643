import { expect, it } from 'vitest';
import { readEntry } from '../../../../runtime/wim/wim-entry.ts';

function entry(attributes: number, path: string) {
  return readEntry({
    number: (offset) => (offset === 48 ? attributes : offset === 256 ? 1234 : Number.NaN),
    text: (offset) => (offset === 16 ? path : null),
  });
}

it('reads a file, and a path with backslashes', () => {
  expect(entry(0x20, '\\Windows\\notepad.exe')).toEqual({
    path: '/Windows/notepad.exe',
    directory: false,
    bytes: 1234,
  });
});

it('reads a folder, which has no size', () => {
  expect(entry(0x2010, '/Windows')).toEqual({ path: '/Windows', directory: true, bytes: 0 });
});
