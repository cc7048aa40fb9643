import { expect, it } from 'vitest';
import { describeList } from '../../../cli/commands/usb/list.ts';
import { sticksResult } from '../../../cli/commands/usb/sticks-result.ts';
import { devicesOf, nvme, part, stick } from '../builder/usb/listings.ts';

it('lists what may be written first, with what is on it, then the others with the reason', () => {
  const devices = devicesOf([
    nvme,
    stick('sdb', { children: [part('sdb1', { fstype: 'vfat', label: 'DATA' })] }),
    stick('sdc', { mountpoints: ['/mnt'] }),
    stick('sdd', { serial: null, vendor: null, model: null }),
  ]);
  expect(describeList(devices)).toBe(`DEVICE        SIZE     MODEL                  SERIAL
/dev/sdb      14.5 GB  SanDisk Ultra Fit      4C53-sdb
    /dev/sdb1: vfat "DATA", 954 MB
/dev/sdd      14.5 GB  -                      -
    nothing known is on it
/dev/nvme0n1  477 GB   Samsung SSD 980 500GB  S64DNL0T
    refused: the running system lies on it (/boot/efi, /, [SWAP])
/dev/sdc      14.5 GB  SanDisk Ultra Fit      4C53-sdc
    refused: it is mounted at /mnt
`);
});

it('says which medium of ours is on a stick, and nothing that could steer a terminal', () => {
  const [device] = devicesOf([stick('sdb', { children: [part('sdb1', { fstype: 'vfat', label: 'DATA' })] })]);
  if (device === undefined) throw new Error('no device');
  const medium = { id: '6f9619ff-8b86-4011-b42d-00c04fc964ff', name: 'Room\u001b 4', builtBy: 'mediasmith 0.1.0' };
  expect(
    describeList([{ ...device, medium }])
      .split('\n')
      .slice(2, 5),
  ).toEqual([
    '    medium "Room[U+001B] 4", 6f9619ff-8b86-4011-b42d-00c04fc964ff',
    '      made by mediasmith 0.1.0',
    '    /dev/sdb1: vfat "DATA", 954 MB',
  ]);
  const record = { by: 'me', at: '2026-01-02T03:04:05.000Z' };
  expect(describeList([{ ...device, medium: { ...medium, record } }])).toContain(
    '\n      built 2026-01-02T03:04:05.000Z by me, mediasmith 0.1.0\n',
  );
  expect(describeList([{ ...device, medium: null }])).not.toContain('medium');
});

it('says what to do where no disk can be written', () => {
  expect(describeList([])).toBe('No disk here can be written: plug in a USB stick or a card.\n');
  expect(describeList(devicesOf([nvme]))).toMatch(/plug in a USB stick or a card\.\n$/);
});

it('gives the result of one stick plainly', () => {
  const written = { device: '/dev/sdb', bytesWritten: 4096, bytesVerified: 8192, seconds: 1.25 };
  expect(sticksResult([written], devicesOf([stick('sdb')]))).toEqual({
    document: written,
    text: '/dev/sdb (serial 4C53-sdb): 4.0 KB written, 8.0 KB read back and compared, in 1.3 s\n',
  });
});

it('says of an update what was not read, and of a label what a stick does not hold', () => {
  const notRead = { files: 62, bytes: 65_011_712 };
  const written = { device: '/dev/sdb', bytesWritten: 4096, bytesVerified: 4096, seconds: 1.25, notRead };
  const devices = devicesOf([stick('sdb')]);
  const { document, text } = sticksResult([{ ...written, volumeLabel: 'MEDIASMITH_' }], devices);
  expect(document).toMatchObject({ notRead });
  expect(text.split('\n').slice(1)).toEqual([
    '  62 files are the same by both manifests (62.0 MB), and not read: they may be damaged',
    '  to read them: mediasmith verify /dev/sdb, or usb update --verify',
    '  its volume is named MEDIASMITH_: a stick holds no more of the label',
    '',
  ]);
  expect(sticksResult([written, written], devices).document).toMatchObject({
    notRead: { files: 124, bytes: 130_023_424 },
  });
  const all = { ...written, notRead: { files: 0, bytes: 0 } };
  expect(sticksResult([all], devices).text).not.toContain('not read');
});

it('adds up the bytes of several sticks, and takes the time of the slowest: they are written at once', () => {
  const sticks = [
    { device: '/dev/sdb', bytesWritten: 10, bytesVerified: 20, seconds: 3 },
    { device: '/dev/sdc', bytesWritten: 1, bytesVerified: 2, seconds: 4 },
  ];
  const { document, text } = sticksResult(sticks, devicesOf([stick('sdb'), stick('sdc', { serial: null })]));
  expect(document).toEqual({ bytesWritten: 11, bytesVerified: 22, seconds: 4, sticks });
  expect(text.split('\n')).toHaveLength(3);
  expect(text).toContain('\n/dev/sdc: 1 B written');
});
