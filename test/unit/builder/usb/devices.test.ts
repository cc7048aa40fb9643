import { describe, expect, it } from 'vitest';
import { listDevices } from '../../../../builder/usb/devices.ts';
import { describeContents, describeDevice } from '../../../../builder/usb/usb-device.ts';
import type { Exec } from '../../../../runtime/host/exec.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';
import { devicesOf, entry, listing, nvme, part, stick } from './listings.ts';

const { signal } = new AbortController();

describe('a listing', () => {
  it('tells what is on a stick', () => {
    const [device] = devicesOf([
      stick('sdb', {
        pttype: 'dos',
        children: [
          part('sdb1', { fstype: 'exfat', label: 'DATA', mountpoints: [null] }),
          part('sdb2', { fstype: 'vfat', size: 536_870_912, mountpoints: ['/mnt/a', '/mnt/b'] }),
          part('sdb3', { size: 1_048_576 }),
        ],
      }),
    ]);
    expect(device).toEqual({
      device: '/dev/sdb',
      model: 'SanDisk Ultra Fit',
      serial: '4C53-sdb',
      bytes: 15_518_924_800,
      removable: true,
      mounted: true,
      mountPoints: ['/mnt/a', '/mnt/b'],
      partitionTable: 'dos',
      contents: [
        { device: '/dev/sdb1', bytes: 1_000_000_000, fileSystem: 'exfat', label: 'DATA' },
        { device: '/dev/sdb2', bytes: 536_870_912, fileSystem: 'vfat', label: '' },
        { device: '/dev/sdb3', bytes: 1_048_576, fileSystem: '', label: '' },
      ],
      refused: 'it is mounted at /mnt/a, /mnt/b',
    });
    expect(device === undefined ? [] : [describeDevice(device), ...describeContents(device)]).toEqual([
      '/dev/sdb: SanDisk Ultra Fit, 14.5 GB, serial 4C53-sdb',
      '/dev/sdb1: exfat "DATA", 954 MB',
      '/dev/sdb2: vfat, 512 MB',
      '/dev/sdb3: no known file system, 1.0 MB',
    ]);
  });

  it.each([
    [stick('sdb', { fstype: 'iso9660', label: 'MEDIA' }), ['/dev/sdb: iso9660 "MEDIA", 14.5 GB']],
    [stick('sdb', { pttype: 'gpt' }), ['an empty partition table (gpt)']],
    [stick('sdb'), ['nothing known is on it']],
  ])('tells of a stick without partitions', (disk, expected) => {
    expect(devicesOf([disk]).map(describeContents)).toEqual([expected]);
  });

  it.each([
    ['ATA     ', 'Samsung SSD 860', 'Samsung SSD 860'],
    ['0x1af4', null, ''],
    ['Kingston', 'Kingston DataTraveler', 'Kingston DataTraveler'],
    ['Generic ', 'Flash Disk      ', 'Generic Flash Disk'],
    [null, null, ''],
  ])('joins the vendor "%s" and the model "%s"', (vendor, model, expected) => {
    expect(devicesOf([stick('sdb', { vendor, model })])[0]?.model).toBe(expected);
  });
});

it('tells an SD card from what is built in by what the kernel calls it', async () => {
  const sys = await temporaryFolder();
  await writeFiles(sys, {
    'block/mmcblk0/device/type': 'MMC\n',
    'block/mmcblk1/device/type': 'SD\n',
  });
  const cards = ['mmcblk0', 'mmcblk1'].map((kname) => entry(kname, { size: 31_914_983_424, hotplug: true }));
  const exec: Exec = async () => ({ exitCode: 0, stdout: listing(nvme, ...cards), stderr: '' });
  const devices = await listDevices(exec, signal, sys);
  expect(devices.map(({ device, removable, refused }) => [device, removable, refused === null])).toEqual([
    ['/dev/nvme0n1', false, false],
    ['/dev/mmcblk0', false, false],
    ['/dev/mmcblk1', true, true],
  ]);
});
