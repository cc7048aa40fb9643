import { expect, it } from 'vitest';
import { shareOf } from '../../../../runtime/steps/share-of.ts';

it.each([
  ['\\\\server\\share\\a\\b.wim', '\\\\server\\share'],
  ['\\\\server/share/a', '\\\\server\\share'],
  ['\\\\server', undefined],
  ['D:\\store', undefined],
])('the share of %s is %s', (path, share) => {
  expect(shareOf(path)).toBe(share);
});
