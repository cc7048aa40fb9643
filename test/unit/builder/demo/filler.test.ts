import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { Filler } from '../../../../builder/demo/filler.ts';

const filler = new Filler();
const ratio = (bytes: Uint8Array) => deflateRawSync(bytes).length / bytes.length;

test('the same seed gives the same bytes, also from another maker', () => {
  const once = filler.make('library', 100_000, 7);
  expect(Buffer.compare(new Filler().make('library', 100_000, 7), once)).toBe(0);
  expect(Buffer.compare(filler.make('library', 100_000, 8), once)).not.toBe(0);
});

test('compresses as what it stands for: text to a third, code to a half, noise not at all', () => {
  expect(ratio(filler.make('text', 1_000_000, 1))).toBeLessThan(0.4);
  expect(ratio(filler.make('program', 1_000_000, 1))).toBeGreaterThan(0.3);
  expect(ratio(filler.make('program', 1_000_000, 1))).toBeLessThan(0.6);
  expect(ratio(filler.make('noise', 1_000_000, 1))).toBeGreaterThan(0.95);
});

test('a program begins like one for x86-64; a tiny file is not longer than asked for', () => {
  const program = Buffer.from(filler.make('driver', 5000, 1));
  expect(program.readUInt16LE(program.readUInt32LE(0x3c) + 4)).toBe(0x8664);
  expect(filler.make('library', 10, 1)).toHaveLength(10);
  expect(filler.make('text', 0, 1)).toHaveLength(0);
});
