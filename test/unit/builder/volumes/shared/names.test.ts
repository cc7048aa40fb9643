import { describe, expect, test } from 'vitest';
import { caseKey, checkPaths } from '../../../../../builder/volumes/shared/names.ts';

describe('paths', () => {
  test.each([
    ['every reserved character', [...'"*:<>?\\|'].map((character) => `a/b${character}c`)],
    ['control characters', ['a\tb', 'a\nb', '\u0001']],
    ['what ends with a dot or a space', ['a.', 'folder /b', 'b. ']],
    ['what stands for folders', ['.', 'a/../b', './a']],
    ['nothing', ['', 'a//b', '/a', 'a/']],
    ['256 units', ['x'.repeat(256), '😀'.repeat(128)]],
    ['half a character', ['a\ud83d']],
  ])('are refused for %s, each of them named', (_, bad) => {
    for (const path of bad) expect(linesOf([path, 'good.txt'])).toEqual([expect.stringMatching(/./)]);
    expect(linesOf([...bad, 'good.txt']).length).toBeGreaterThanOrEqual(bad.length);
  });

  test.each([
    ['files', ['a/x.txt', 'a/X.txt'], 'a/X.txt: a/x.txt differs in nothing but case'],
    ['folders, once', ['Über/x', 'über/y', 'über/z'], 'über: Über differs in nothing but case'],
    ['a file and a folder', ['a/b', 'a'], 'a: a file and a folder'],
    ['the same twice', ['a/b', 'a/b'], 'a/b: named twice'],
    ['a file and a folder in other letters', ['a/b', 'A'], 'A: a differs in nothing but case'],
  ])('that are one are refused: %s', (_, paths, line) => {
    expect(linesOf(paths)).toEqual([line]);
  });

  test('are good in every script, up to 255 units', () => {
    checkPaths(['x'.repeat(255), 'a b/.c', 'Grüße/日本語/😀', 'a,b;c=[d]+', '...a', 'A', 'B/A']);
  });
});

test('names are compared unit by unit, and no letter becomes an ASCII one', () => {
  expect(caseKey('straße.txt')).toBe('STRAßE.TXT');
  expect(caseKey('ÿñж')).toBe('ŸÑЖ');
  expect(caseKey('ı')).toBe('ı');
});

function linesOf(paths: string[]): readonly string[] {
  try {
    checkPaths(paths);
  } catch (error) {
    expect(error).toMatchObject({ code: 'NAME_NOT_ALLOWED' });
    return (error as { lines: string[] }).lines;
  }
  return [];
}
