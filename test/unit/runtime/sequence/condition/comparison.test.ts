import { describe, expect, it } from 'vitest';
import { compareTexts, versionOrder } from '../../../../../runtime/sequence/condition/comparison.ts';

describe('versionOrder', () => {
  it.each(['10..1', '', '1.', '.1', '1e3', '0x10', '-1', '1.x'])('takes %j for no version', (text) => {
    expect(versionOrder(text, '1')).toBeNaN();
    expect(versionOrder('1', text)).toBeNaN();
  });
});

describe('compareTexts', () => {
  it.each(['number', 'auto'] as const)('compares whole numbers of any length exactly: %s', (compare) => {
    expect(compareTexts('greater', compare, '12345678901234567890123', '12345678901234567890122')).toBe(true);
    expect(compareTexts('less', compare, '-9007199254740993', '-9007199254740992')).toBe(true);
  });

  it('takes a text for no number', () => {
    expect(compareTexts('greater', 'number', 'abc', '5')).toBe(false);
    expect(compareTexts('notEquals', 'number', 'abc', '5')).toBe(true);
  });
});
