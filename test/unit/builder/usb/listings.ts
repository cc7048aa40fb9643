import { parseBlockDevices } from '../../../../builder/tools/lsblk.ts';
import { usbDevices } from '../../../../builder/usb/devices.ts';
import type { UsbDevice } from '../../../../builder/usb/usb-device.ts';

/** An entry as lsblk prints it. */
export type Entry = Record<string, unknown> & { children?: Entry[] };

const NOTHING: Entry = {
  pkname: null,
  size: 0,
  model: null,
  vendor: null,
  serial: null,
  tran: null,
  rm: false,
  hotplug: false,
  ro: false,
  mountpoints: [null],
  fstype: null,
  label: null,
  pttype: null,
  subsystems: 'block',
};

export function entry(kname: string, fields: Entry = {}): Entry {
  return { name: kname, path: `/dev/${kname}`, kname, type: 'disk', ...NOTHING, ...fields };
}

export const part = (kname: string, fields: Entry = {}): Entry =>
  entry(kname, { type: 'part', pkname: kname.replace(/p?\d+$/, ''), size: 1_000_000_000, ...fields });

/** A USB stick as Debian 12's util-linux tells of one: 16 GB, nothing on it. */
export const stick = (kname: string, fields: Entry = {}): Entry =>
  entry(kname, {
    size: 15_518_924_800,
    model: 'Ultra Fit',
    vendor: 'SanDisk ',
    serial: `4C53-${kname}`,
    tran: 'usb',
    rm: true,
    hotplug: true,
    subsystems: 'block:scsi:usb:pci',
    ...fields,
  });

/** The system's disk: EFI, /boot, and root and swap on LVM. */
export const nvme: Entry = entry('nvme0n1', {
  size: 512_110_190_592,
  model: 'Samsung SSD 980 500GB',
  serial: 'S64DNL0T',
  tran: 'nvme',
  pttype: 'gpt',
  subsystems: 'block:nvme:pci',
  children: [
    part('nvme0n1p1', { mountpoints: ['/boot/efi'], fstype: 'vfat' }),
    part('nvme0n1p2', {
      fstype: 'LVM2_member',
      children: [
        entry('dm-0', { path: '/dev/mapper/vg-root', type: 'lvm', pkname: 'nvme0n1p2', mountpoints: ['/'] }),
        entry('dm-1', { path: '/dev/mapper/vg-swap', type: 'lvm', pkname: 'nvme0n1p2', mountpoints: ['[SWAP]'] }),
      ],
    }),
  ],
});

export const listing = (...entries: Entry[]): string => JSON.stringify({ blockdevices: entries });

/** What becomes of a listing. */
export const devicesOf = (entries: readonly Entry[], cardTypes?: ReadonlyMap<string, string>): UsbDevice[] =>
  usbDevices(parseBlockDevices(listing(...entries)), cardTypes);
