import { expect, it } from 'vitest';
import { splitProgress } from '../../../../runtime/wim/wim-split.ts';

const BEGIN_PART = 19;
const WRITE_STREAMS = 12;

it('counts all parts in one row, whatever the library counts within a part', () => {
  const read = splitProgress(1000);
  expect(read(BEGIN_PART, at({ 0: 1500, 8: 0 }))).toEqual({ doneBytes: 0, totalBytes: 1500 });
  expect(read(WRITE_STREAMS, at({ 0: 8000, 16: 4000 }))).toEqual({ doneBytes: 500, totalBytes: 1500 });
  expect(read(BEGIN_PART, at({ 0: 1500, 8: 1000 }))).toEqual({ doneBytes: 1000, totalBytes: 1500 });
  expect(read(WRITE_STREAMS, at({ 0: 300, 16: 300 }))).toEqual({ doneBytes: 1500, totalBytes: 1500 });
});

it('says nothing at a message without figures, or of a part without data', () => {
  const read = splitProgress(1000);
  expect(read(17, at({}))).toBeUndefined();
  expect(read(WRITE_STREAMS, at({ 0: 0, 16: 0 }))).toBeUndefined();
});

function at(numbers: Record<number, number>): (offset: number) => number {
  return (offset) => numbers[offset] ?? Number.NaN;
}
