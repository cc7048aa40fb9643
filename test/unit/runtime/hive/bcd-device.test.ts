import { expect, test } from 'vitest';
import { bootDevice, partitionDevice, ramdiskDevice } from '../../../../runtime/hive/bcd-device.ts';

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

test('a WIM in memory names its options, the device it lies on and its path', () => {
  const device = ramdiskDevice(bootDevice(), '\\sources\\boot.wim', '7619dcc8-fafe-11d9-b411-000476eba25f');
  expect(hex(device)).toBe(
    [
      'c8dc1976fefad911b411000476eba25f',
      '00000000', // local
      '01000000',
      'a0000000', // the record's length
      '00000000',
      '03000000', // a ramdisk
      '0000000000000000', // its base
      '0000000000000000', // its size
      '00000000',
      '01000000',
      '78000000', // the length of the path's record
      '05000000', // a device and a path
      '050000000000000048000000',
      '00'.repeat(60),
      Buffer.from('\\sources\\boot.wim\0', 'utf16le').toString('hex'),
    ].join(''),
  );
});
