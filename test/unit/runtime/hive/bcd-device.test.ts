import { expect, test } from 'vitest';
import { partitionDevice } from '../../../../runtime/hive/bcd-device.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('a GPT partition is its GUID and its disk, the first three fields of each little-endian', () => {
  const device = partitionDevice({
    style: 'gpt',
    partition: '00112233-4455-6677-8899-AABBCCDDEEFF',
    disk: '{01234567-89ab-cdef-0123-456789abcdef}',
  });
  expect(hex(device)).toBe(
    [
      '00000000000000000000000000000000', // no additional options
      '06000000', // a partition
      '00000000',
      '48000000', // the record's length
      '00000000',
      '33221100554477668899aabbccddeeff',
      '00000000', // on a hard disk
      '00000000', // GPT
      '67452301ab89efcd0123456789abcdef',
      '00000000000000000000000000000000',
    ].join(''),
  );
});

test('an MBR partition is its place in bytes, beyond 4 GiB too, and the signature of its disk', () => {
  const device = partitionDevice({ style: 'mbr', signature: 0xdeadbeef, offset: 600 * 1024 ** 3 + 0x100000 });
  expect(hex(device)).toBe(
    [
      '00000000000000000000000000000000',
      '06000000',
      '00000000',
      '48000000',
      '00000000',
      '00001000960000000000000000000000',
      '00000000',
      '01000000', // MBR
      'efbeadde000000000000000000000000',
      '00000000000000000000000000000000',
    ].join(''),
  );
});

test('something that is no GUID is refused', () => {
  expect(() => partitionDevice({ style: 'gpt', partition: '0011', disk: '' })).toThrow('not a GUID: 0011');
});
