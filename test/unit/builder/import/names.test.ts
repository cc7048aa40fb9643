import { describe, expect, it } from 'vitest';
import { Names, slug } from '../../../../builder/import/names.ts';

describe('names', () => {
  it.each([
    ['Windows 11 (24H2)', 'windows-11-24h2'],
    ['  Größe & Co. ', 'gro-e-co'],
    ['!!!', 'unnamed'],
    ['{e0c92abd-9a81}', 'e0c92abd-9a81'],
    ['x'.repeat(100), 'x'.repeat(64)],
  ])('makes of %s %s', (text, name) => {
    expect(slug(text)).toBe(name);
  });

  it('gives every key its own name, the same each time', () => {
    const names = new Names();
    expect(names.unused('a')).toBe('a');
    expect(names.of('1', 'A')).toBe('a-2');
    expect(names.of('2', 'a!')).toBe('a-3');
    expect(names.of('1', 'other')).toBe('a-2');
    const long = new Names();
    expect([long.unused('x'.repeat(64)), long.unused('x'.repeat(64))]).toEqual(['x'.repeat(64), `${'x'.repeat(57)}-2`]);
  });
});
