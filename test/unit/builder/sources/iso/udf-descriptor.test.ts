import { expect, it } from 'vitest';
import { crc, recordedExtent, tagOf, UnknownUdf } from '../../../../../builder/sources/iso/udf-descriptor.ts';
import { allocations, seal } from '../../../../helpers/udf-blocks.ts';

const descriptor = () => seal(Buffer.alloc(512, 7), { id: 5, block: 33 });

it('computes the CRC of ECMA-167', () => {
  // The check value of CRC-16/XMODEM, and the example of the standard.
  expect(crc(Buffer.from('123456789'))).toBe(0x31c3);
  expect(crc(Buffer.of(0x70, 0x6a, 0x77))).toBe(0x3299);
});

it('knows a descriptor by its tag', () => {
  expect(tagOf(descriptor(), 33)).toBe(5);
  expect(tagOf(descriptor())).toBe(5);
});

it('refuses a descriptor of another block', () => {
  expect(() => tagOf(descriptor(), 34)).toThrow(UnknownUdf);
});

it('refuses a descriptor of which any bit that counts is another', () => {
  for (let bit = 0; bit < 512 * 8; bit++) {
    const broken = descriptor();
    broken[bit >> 3] = (broken[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    expect(() => tagOf(broken, 33), `bit ${bit}`).toThrow(UnknownUdf);
  }
});

it('refuses a descriptor that is cut, and one whose CRC goes beyond it', () => {
  expect(() => tagOf(descriptor().subarray(0, 15))).toThrow(UnknownUdf);
  expect(() => tagOf(descriptor().subarray(0, 511))).toThrow(UnknownUdf);
});

it('takes only recorded extents of the only partition', () => {
  const extent = (kind: number, partition: number) => allocations([{ bytes: 2048, block: 7, kind, partition }], 'long');
  expect(recordedExtent(extent(0, 0), 0)).toEqual({ block: 7, bytes: 2048 });
  for (const kind of [1, 2, 3]) expect(() => recordedExtent(extent(kind, 0), 0)).toThrow(UnknownUdf);
  expect(() => recordedExtent(extent(0, 1), 0)).toThrow(UnknownUdf);
});
