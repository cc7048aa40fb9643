import { describe, expect, it } from 'vitest';
import { hiveFromPaths } from '../../../../runtime/hive/hive-tree.ts';
import { writeHive } from '../../../../runtime/hive/regf.ts';
import { hiveText } from '../../../../runtime/hive/regf-read.ts';

const KEY = 'Microsoft\\Windows\\CurrentVersion\\Setup\\State';
const many = Array.from({ length: 3000 }, (_, nth) => [`Classes\\.e${nth}`, {}] as const);
const hive = Buffer.from(
  writeHive(
    hiveFromPaths('SOFTWARE', {
      ...Object.fromEntries(many),
      [KEY]: { Other: { type: 'DWORD', data: 1 }, ImageState: { type: 'SZ', data: 'IMAGE_STATE_COMPLETE' } },
      'Classes\\Long': {
        plain: { type: 'SZ', data: 'x'.repeat(8_171) },
        big: { type: 'SZ', data: 'x'.repeat(8_172) },
      },
      'Classes\\Größe': { x: { type: 'SZ', data: 'y' } },
    }),
    { timestamp: new Date(0) },
  ),
);

describe('a text of a hive', () => {
  it.each<[path: string, name: string, text: string | undefined]>([
    [KEY, 'ImageState', 'IMAGE_STATE_COMPLETE'],
    [KEY.toLowerCase(), 'IMAGESTATE', 'IMAGE_STATE_COMPLETE'],
    ['Classes\\größe', 'X', 'y'],
    [KEY, 'Nothing', undefined],
    ['Microsoft\\Nothing\\Here', 'ImageState', undefined],
    ['Classes\\.e2999', 'x', undefined],
  ])('is found by its path and its name in any case: %s %s', (path, name, text) => {
    expect(hiveText(hive, path, name)).toBe(text);
  });

  it('is none where it lies in several cells', () => {
    expect(hiveText(hive, 'Classes\\Long', 'plain')).toBe('x'.repeat(8_171));
    expect(hiveText(hive, 'Classes\\Long', 'big')).toBeUndefined();
  });

  it.each([Buffer.alloc(0), Buffer.from('no hive at all'), hive.subarray(0, 5000)])(
    'is none in what is no hive',
    (bytes) => {
      expect(hiveText(bytes, KEY, 'ImageState')).toBeUndefined();
    },
  );
});
