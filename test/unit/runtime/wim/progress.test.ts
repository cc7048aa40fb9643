import { describe, expect, it } from 'vitest';
import { progressOf } from '../../../../runtime/wim/progress.ts';

describe('progressOf', () => {
  it.each([
    ['extracting', 4, { doneBytes: 48, totalBytes: 40 }],
    ['writing', 12, { doneBytes: 16, totalBytes: 0 }],
    ['verifying', 29, { doneBytes: 32, totalBytes: 16 }],
  ])('reads both figures where the library puts them when %s', (_, message, progress) => {
    expect(progressOf(message, (offset) => offset)).toEqual(progress);
  });

  it('reads nothing of a message that counts no file data', () => {
    const read = () => {
      throw new Error('read');
    };
    expect(progressOf(0, read)).toBeUndefined();
    expect(progressOf(17, read)).toBeUndefined();
  });
});
