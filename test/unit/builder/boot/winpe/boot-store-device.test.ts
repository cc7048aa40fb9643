import { expect, test } from 'vitest';
import { decodeDevice } from '../../../../../builder/boot/winpe/boot-store-device.ts';
import { bootDevice, partitionDevice, ramdiskDevice } from '../../../../../runtime/hive/bcd-device.ts';

const OPTIONS = '{7619dcc8-fafe-11d9-b411-000476eba25f}';
const partition = partitionDevice({ style: 'mbr', signature: 7, offset: 1 });

test('each kind of device that is written is read again', () => {
  expect(decodeDevice(bootDevice())).toEqual({ type: 'boot' });
  expect(decodeDevice(partition)).toEqual({ type: 'partition' });
  expect(decodeDevice(ramdiskDevice(bootDevice(), '\\a\\ü.wim', OPTIONS))).toEqual({
    type: 'ramdisk',
    parent: { type: 'boot' },
    path: '\\a\\ü.wim',
    options: OPTIONS,
  });
  expect(decodeDevice(ramdiskDevice(partition, '\\b', OPTIONS))).toMatchObject({ parent: { type: 'partition' } });
});

test('an element cut anywhere, or with any byte changed, has an answer', () => {
  const whole = ramdiskDevice(bootDevice(), '\\a', OPTIONS);
  for (let length = 0; length < 0x8c; length++) {
    expect(decodeDevice(whole.subarray(0, length))).toEqual({ type: 'other' });
  }
  for (let at = 0x10; at < 0x44; at++) {
    const changed = whole.slice();
    changed[at] = 0xff;
    expect(['other', 'ramdisk']).toContain(decodeDevice(changed).type);
  }
});
