import { expect, it } from 'vitest';
import { formatBytes } from '../../../../runtime/contract/format-bytes.ts';
import { parseSize, Size } from '../../../../runtime/contract/size.ts';

it.each([
  ['260 MB', 260 * 1024 ** 2],
  ['1.5 GB', 1.5 * 1024 ** 3],
  ['2tb', 2 * 1024 ** 4],
  ['16kb', 16 * 1024],
  ['7 B', 7],
  ['0.3 B', 0],
])('reads %s', (text, bytes) => {
  expect(Size.parse(text)).toBe(text);
  expect(parseSize(text)).toBe(bytes);
});

it.each(['260', 'MB', '-1 MB', '1,5 GB', '1 MiB', '1e3 MB', ' 1 MB', '1 MB ', '1 MB\n', '.5 GB', ''])(
  'refuses %j',
  (text) => {
    expect(Size.safeParse(text).success).toBe(false);
  },
);

it.each(['8192 TB', '99999999999999 TB', '1e9 TB', `${'9'.repeat(400)} B`])('refuses %s, which nothing has', (text) => {
  expect(Size.safeParse(text).success).toBe(false);
});

it('takes a text that was never checked for a bug', () => {
  expect(() => parseSize('large')).toThrow('not a size: large');
});

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KB'],
  [1536, '1.5 KB'],
  [99.5 * 1024 ** 2, '99.5 MB'],
  [260 * 1024 ** 2, '260 MB'],
  [3 * 1024 ** 4, '3.0 TB'],
])('shows %i bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
