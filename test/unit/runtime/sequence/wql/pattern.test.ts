import { expect, it } from 'vitest';
import { fitsPattern, likePattern, wildcardPattern } from '../../../../../runtime/sequence/wql/pattern.ts';

it.each<[string, string, boolean]>([
  ['Latitude 5480', 'Latitude%', true],
  ['Latitude 5480', '%5480', true],
  ['Latitude 5480', '%tude%', true],
  ['Latitude 5480', 'Latitude', false],
  ['Latitude 5480', 'latitude ____', true],
  ['Latitude 5480', 'Latitude ___', false],
  ['abab', '%ab', true],
  ['abac', '%ab', false],
  ['', '%', true],
  ['', '', true],
  ['', '_', false],
  ['x', '%%', true],
  ['c', '[a-f]', true],
  ['G', '[a-f]', false],
  ['g', '[^a-f]', true],
  ['b', '[abc]', true],
  ['d', '[a-cx-z]', false],
  ['y', '[a-cx-z]', true],
  ['-', '[a-]', true],
  ['50%', '50[%]', true],
  ['500', '50[%]', false],
  ['a_b', 'a[_]b', true],
  ['axb', 'a[_]b', false],
  ['[x', '[[]x', true],
  ['[x', '[x', true],
  ['a]', 'a[]]', true],
  ['^', '[^]', false],
  ['a.b*c', 'a.b*c', true],
])('%j LIKE %j: %s', (text, pattern, expected) => {
  expect(fitsPattern(text, likePattern(pattern))).toBe(expected);
});

it('leaves percent signs and brackets alone where * and ? are the wildcards', () => {
  expect(fitsPattern('a%[b]_', wildcardPattern('?%[B]*'))).toBe(true);
  expect(fitsPattern('axb', wildcardPattern('a%b'))).toBe(false);
});
