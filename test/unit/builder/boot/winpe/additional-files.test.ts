import { expect, it } from 'vitest';
import { conflictsWith } from '../../../../../builder/boot/winpe/additional-files.ts';

it.each([
  ['the same path in another case', ['A/B.TXT'], ['a/b.txt']],
  ['something in one of our folders', ['drivers/disk/x.inf'], ['drivers/disk']],
  ['a file where we need a folder', ['DRIVERS'], ['drivers/disk']],
])('finds %s', (_, paths, ours) => {
  expect(conflictsWith(paths, [...ours, 'other'])).toEqual(ours);
});

it('leaves neighbours alone', () => {
  expect(conflictsWith(['drivers/disk2/x', 'drivers/dis', 'a.txt.bak'], ['drivers/disk', 'a.txt'])).toEqual([]);
});
