import { describe, expect, it } from 'vitest';
import { chooseDevices, type NamedDevices } from '../../../../builder/usb/choose.ts';
import { isMediasmithError } from '../../../../runtime/contract/errors.ts';
import { devicesOf, entry, nvme, part, stick } from './listings.ts';

const DEVICES = devicesOf([
  nvme,
  stick('sdb', { children: [part('sdb1')] }),
  stick('sdc', { mountpoints: ['/mnt'] }),
  stick('sdd', { serial: null }),
  stick('sde', { serial: 'TWIN' }),
  stick('sdf', { serial: 'TWIN' }),
  stick('sdg', { serial: 'READER', size: 0 }),
  stick('sdh', { serial: 'READER' }),
]);

const choose = (named: Partial<NamedDevices>): string[] =>
  chooseDevices(DEVICES, { serials: [], devicePaths: [], ...named }).map(({ device }) => device);

function refusal(named: Partial<NamedDevices>): { code: string; message: string; lines: readonly string[] } {
  try {
    choose(named);
  } catch (error) {
    if (isMediasmithError(error)) return { code: error.code, message: error.message, lines: error.lines };
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('chooseDevices', () => {
  it('finds disks by serial and by path, in the order they are named', () => {
    expect(choose({ serials: ['READER', '4C53-sdb'], devicePaths: ['/dev/sdd'] })).toEqual([
      '/dev/sdh',
      '/dev/sdb',
      '/dev/sdd',
    ]);
  });

  it.each<[string, Partial<NamedDevices>, string]>([
    ['a wrong serial', { serials: ['4C53-SDB'] }, 'no disk has the serial "4C53-SDB"'],
    ['a part of a serial', { serials: ['4C53'] }, 'no disk has the serial "4C53"'],
    ['no serial at all', { serials: [''] }, 'no disk has the serial ""'],
    ['a path that is none', { devicePaths: ['/dev/sdz'] }, '/dev/sdz is no disk of this machine'],
    ['a partition', { devicePaths: ['/dev/sdb1'] }, '/dev/sdb1 is a partition: name the whole disk, /dev/sdb'],
  ])('does not find %s, and lists what is there', (_, named, message) => {
    const error = refusal(named);
    expect(error).toMatchObject({ code: 'DEVICE_NOT_FOUND', message });
    expect(error.lines).toContain('/dev/sdb: SanDisk Ultra Fit, 14.5 GB, serial 4C53-sdb');
    expect(error.lines.join('\n')).toContain('/dev/nvme0n1: Samsung SSD 980 500GB, 477 GB, serial S64DNL0T: refused, ');
  });

  it.each<[string, Partial<NamedDevices>, RegExp]>([
    ['the disk of the system', { serials: ['S64DNL0T'] }, /the running system lies on it/],
    ['a mounted stick by path', { devicePaths: ['/dev/sdc'] }, /it is mounted at \/mnt/],
    ['a serial two sticks have', { serials: ['TWIN'] }, /its serial is also that of/],
    ['one of two sticks with a serial, by path', { devicePaths: ['/dev/sdf'] }, /its serial is also that of/],
    ['an empty slot by path', { devicePaths: ['/dev/sdg'] }, /no card or disk/],
  ])('refuses %s', (_, named, message) => {
    expect(refusal(named)).toMatchObject({ code: 'DEVICE_REFUSED', message: expect.stringMatching(message) });
  });

  it('refuses all when one of several is refused, and tells of each', () => {
    const error = refusal({ serials: ['4C53-sdb', '4C53-sdc', 'S64DNL0T'] });
    expect(error).toMatchObject({ code: 'DEVICE_REFUSED', message: 'several disks are refused' });
    expect(error.lines).toHaveLength(2);
  });

  it.each<Partial<NamedDevices>>([
    { serials: ['4C53-sdb', '4C53-sdb'] },
    { serials: ['4C53-sdb'], devicePaths: ['/dev/sdb'] },
  ])('takes no disk twice: %j', (named) => {
    expect(refusal(named)).toMatchObject({ code: 'USAGE', message: '/dev/sdb is named twice' });
  });
});

it('has nothing to list on a machine without disks', () => {
  const none = devicesOf([entry('loop0', { type: 'loop' })]);
  expect(() => chooseDevices(none, { serials: ['A'], devicePaths: [] })).toThrow(
    expect.objectContaining({ lines: ['These are there:', 'no disk is there'] }),
  );
});
