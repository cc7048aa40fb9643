import { expect, test } from 'vitest';
import { hiveFromPaths, hiveKey } from '../../../../runtime/hive/hive-tree.ts';

test('paths that begin alike share their keys, and a key may have values and keys', () => {
  const one = { type: 'DWORD', data: 1 } as const;
  expect(hiveFromPaths('ROOT', { 'A\\B': { x: one }, A: { y: one }, 'A\\C': {} })).toEqual(
    hiveKey('ROOT', {}, [hiveKey('A', { y: one }, [hiveKey('B', { x: one }), hiveKey('C')])]),
  );
});
