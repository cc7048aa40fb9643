import { describe, expect, it } from 'vitest';
import { composedLetters, composeLines } from '../../../../../../builder/boot/linux/keyboard/composed-letters.ts';

const LATIN = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function results(accents: string, letters: string): string[] {
  return composedLetters({ accents: new Set(accents), letters: new Set(letters) }).map(
    ({ accent, base, result }) => `${accent}${base}${result}`,
  );
}

describe('the letters of dead keys', () => {
  it('are those that Unicode has as one', () => {
    expect(results('`', 'abe')).toEqual(['`aà', '`eè']);
    expect(results('k', 'aeqz')).toEqual(['kaą', 'keę', 'k ˛', 'kk˛']);
    expect(results('-', 'lodq')).toEqual(['-oø', '-dđ', '-lł']);
    expect(results("'", 'α')).toContain("'αά");
  });

  it('have the accent alone before a space, as Windows does: the American sign only where no key has it', () => {
    expect(results("'", "'")).toContain("' ´");
    expect(results("'", 'a')).toContain("' '");
    expect(results('^', 'a')).toEqual(['^aâ']);
  });

  it('are no more than the kernel takes, the common ones first', () => {
    const all = results('`\'^~",_U.*=ck!?+:n;-', LATIN);
    expect(all).toHaveLength(255);
    expect(all).toContain("'eé");
    expect(all).toContain('czž');
  });

  it('are written as loadkeys reads them', () => {
    expect(composeLines([{ accent: 'c', base: 's', result: 'š' }])).toBe('compose U+0063 U+0073 to U+0161\n');
  });
});
