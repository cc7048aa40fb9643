import { expect, test } from 'vitest';
import { joinWrites, zeroWrites } from '../../../../../builder/volumes/shared/writes.ts';

test('neighbours become one write, in the order of the volume', () => {
  const write = (offset: number, text: string) => ({ offset, data: Buffer.from(text) });
  expect(joinWrites([write(20, 'z'), write(3, 'def'), write(0, 'abc'), write(7, 'x')])).toEqual([
    write(0, 'abcdef'),
    write(7, 'x'),
    write(20, 'z'),
  ]);
  expect(joinWrites([])).toEqual([]);
});

test('no joined write is above 1 MiB', () => {
  const writes = Array.from({ length: 5 }, (_, index) => ({ offset: index * 400_000, data: Buffer.alloc(400_000) }));
  expect(joinWrites(writes).map(({ data }) => data.length)).toEqual([800_000, 800_000, 400_000]);
});

test('zeros reach from here to there', () => {
  const writes = zeroWrites(512, 512 + 2.5 * 1024 ** 2);
  expect(writes.map(({ offset, data }) => [offset, data.length])).toEqual([
    [512, 1024 ** 2],
    [512 + 1024 ** 2, 1024 ** 2],
    [512 + 2 * 1024 ** 2, 1024 ** 2 / 2],
  ]);
});
