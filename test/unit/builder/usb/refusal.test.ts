import { describe, expect, it } from 'vitest';
import { devicesOf, type Entry, entry, nvme, part, stick } from './listings.ts';

/** Why each disk of a listing is refused, by its path. */
function refusals(entries: readonly Entry[], cardTypes?: ReadonlyMap<string, string>): Record<string, string | null> {
  return Object.fromEntries(devicesOf(entries, cardTypes).map(({ device, refused }) => [device, refused]));
}

const lvmRoot = (parent: string): Entry =>
  entry('dm-7', { path: '/dev/mapper/vg-root', type: 'lvm', pkname: parent, mountpoints: ['/'] });
const card = (fields: Entry = {}): Entry =>
  entry('mmcblk0', {
    size: 31_914_983_424,
    serial: '0x1234abcd',
    hotplug: true,
    subsystems: 'block:mmc:pci',
    ...fields,
  });

describe('a disk that may be written', () => {
  it.each<[string, Entry]>([
    ['an empty stick', stick('sdb')],
    ['a stick with partitions that nobody uses', stick('sdb', { children: [part('sdb1', { fstype: 'vfat' })] })],
    ['a stick whose RAID, LVM or LUKS is not open', stick('sdb', { fstype: 'crypto_LUKS' })],
    ['a card in a USB reader', stick('sdb', { model: 'STORAGE DEVICE', vendor: 'Generic' })],
    ['a stick whose bus only the kernel tree tells', stick('sdb', { tran: null })],
    ['a stick without a serial', stick('sdb', { serial: null })],
  ])('is %s', (_, disk) => {
    expect(refusals([nvme, disk])).toMatchObject({ '/dev/sdb': null });
  });

  it.each([card(), card({ tran: 'mmc' })])('is an SD card in the slot of a laptop', (disk) => {
    expect(refusals([disk], new Map([['mmcblk0', 'SD']]))).toEqual({ '/dev/mmcblk0': null });
  });
});

describe('the running system', () => {
  it.each<[string, Entry]>([
    ['the internal disk, through LVM', nvme],
    ['a stick that is the root', stick('sdb', { children: [part('sdb1', { mountpoints: ['/'] })] })],
    ['a stick with the root on LVM', stick('sdb', { children: [part('sdb1', { children: [lvmRoot('sdb1')] })] })],
    [
      'a stick with the root on LVM in LUKS',
      stick('sdb', {
        children: [
          part('sdb1', {
            children: [entry('dm-0', { type: 'crypt', pkname: 'sdb1', children: [lvmRoot('dm-0')] })],
          }),
        ],
      }),
    ],
    ['a stick with /boot/efi', stick('sdb', { children: [part('sdb1', { mountpoints: ['/boot/efi'] })] })],
    ['a stick that is swapped to', stick('sdb', { children: [part('sdb2', { mountpoints: ['[SWAP]'] })] })],
    ['a stick without partitions that is swapped to', stick('sdb', { mountpoints: ['[SWAP]'] })],
    ['the stick a Debian live system runs from', stick('sdb', { mountpoints: ['/run/live/medium'] })],
    ['the stick an Ubuntu live system runs from', stick('sdb', { mountpoints: ['/cdrom'] })],
    ['one of several places', stick('sdb', { children: [part('sdb1', { mountpoints: ['/mnt', null, '/usr'] })] })],
  ])('lies on %s', (_, disk) => {
    const [refused] = Object.values(refusals([disk]));
    expect(refused).toMatch(/^the running system lies on it \([^;]+\)$/);
  });

  it('is found where the listing is flat and tells of parents alone', () => {
    const flat = [stick('sdb'), part('sdb1'), lvmRoot('sdb1'), stick('sdc'), part('sdc1')];
    expect(refusals(flat)).toEqual({ '/dev/sdb': 'the running system lies on it (/)', '/dev/sdc': null });
  });

  it('is found on both halves of a mirror', () => {
    const md = (parent: string): Entry => entry('md0', { type: 'raid1', pkname: parent, mountpoints: ['/'] });
    const half = (kname: string): Entry =>
      stick(kname, { children: [part(`${kname}1`, { children: [md(`${kname}1`)] })] });
    expect(refusals([half('sdb'), half('sdc')])).toEqual({
      '/dev/sdb': 'the running system lies on it (/)',
      '/dev/sdc': 'the running system lies on it (/)',
    });
  });
});

describe('a disk in use', () => {
  it.each<[string, Entry, string]>([
    [
      'is mounted by a partition',
      stick('sdb', { children: [part('sdb1', { mountpoints: ['/media/me/MY STICK'] })] }),
      'it is mounted at /media/me/MY STICK',
    ],
    ['is mounted as a whole', stick('sdb', { mountpoints: ['/mnt'] }), 'it is mounted at /mnt'],
    [
      'has an open LUKS that nobody has mounted',
      stick('sdb', { children: [part('sdb1', { children: [entry('dm-3', { type: 'crypt' })] })] }),
      'it is in use by crypt /dev/dm-3',
    ],
    [
      'is part of an array, mounted elsewhere',
      stick('sdb', { children: [entry('md127', { type: 'raid0', pkname: 'sdb', mountpoints: ['/srv'] })] }),
      'it is in use by raid0 /dev/md127; it is mounted at /srv',
    ],
    [
      'is one path of several',
      stick('sdb', { children: [entry('dm-9', { path: '/dev/mapper/mpatha', type: 'mpath', pkname: 'sdb' })] }),
      'it is in use by mpath /dev/mapper/mpatha',
    ],
  ])('%s', (_, disk, reason) => {
    expect(refusals([disk])).toEqual({ '/dev/sdb': reason });
  });

  it('has a place that only looks like one of the system', () => {
    expect(refusals([stick('sdb', { mountpoints: ['/usrlocal'] })])).toEqual({
      '/dev/sdb': 'it is mounted at /usrlocal',
    });
  });
});

describe('a fixed disk', () => {
  it.each<[string, Entry, string]>([
    ['on a USB cable', stick('sdb', { rm: false, model: 'My Passport 2627', vendor: 'WD' }), 'fixed disk on USB'],
    ['that is mounted as well', stick('sdb', { rm: false, mountpoints: ['/backup'] }), 'fixed disk on USB'],
    ['on SATA', entry('sda', { size: 1e12, tran: 'sata', vendor: 'ATA     ' }), 'attached by sata'],
    [
      'on a hot-plug port of SATA, which calls it removable',
      entry('sda', { size: 1e12, tran: 'sata', rm: true, hotplug: true }),
      'attached by sata',
    ],
    ['that is an NVMe', entry('nvme1n1', { size: 1e12, tran: 'nvme' }), 'attached by nvme'],
    ['of a virtual machine', entry('vda', { size: 1e10, subsystems: 'block:virtio:pci' }), 'attached by virtio'],
    ['of a SAN', entry('sdc', { size: 1e12, tran: 'iscsi', rm: true }), 'attached by iscsi'],
    ['nobody knows the bus of', entry('xvda', { size: 1e10, rm: true }), 'attached by an unknown bus'],
  ])('%s', (_, disk, reason) => {
    const [refused] = Object.values(refusals([disk]));
    expect(refused).toContain(reason);
    expect(refused).not.toContain('mounted');
  });

  it.each(['MMC', ''])('is a card in an mmc host of type "%s"', (type) => {
    expect(refusals([card()], new Map([['mmcblk0', type]]))).toEqual({
      '/dev/mmcblk0': 'it is built in (eMMC); only removable disks are written',
    });
  });
});

describe('the medium in a removable disk', () => {
  it('is missing in the empty slots of a reader, which share the serial of the card beside them', () => {
    const slot = (kname: string, size: number): Entry => stick(kname, { serial: '058F63666485', size });
    expect(refusals([slot('sdb', 0), slot('sdc', 31_914_983_424), slot('sdd', 0)])).toEqual({
      '/dev/sdb': 'there is no card or disk in it',
      '/dev/sdc': null,
      '/dev/sdd': 'there is no card or disk in it',
    });
  });

  it('has larger sectors than the tables of a stick count in', () => {
    const refused = refusals([stick('sdb', { 'log-sec': 4096 }), stick('sdc', { 'log-sec': '512' })]);
    expect(refused).toEqual({
      '/dev/sdb': 'its sectors have 4096 bytes; only disks with 512 are written',
      '/dev/sdc': null,
    });
  });

  it('is read-only by its switch', () => {
    expect(refusals([stick('sdb', { ro: true })])['/dev/sdb']).toMatch(/^it is read-only/);
  });
});

describe('a serial', () => {
  it('that two disks have names neither of them', () => {
    const twins = [stick('sdb', { serial: '0123456789ABCDEF' }), stick('sdc', { serial: '0123456789ABCDEF   ' })];
    expect(refusals([...twins, stick('sdd')])).toEqual({
      '/dev/sdb': 'its serial is also that of /dev/sdc; take all but one of them out',
      '/dev/sdc': 'its serial is also that of /dev/sdb; take all but one of them out',
      '/dev/sdd': null,
    });
  });

  it('that a fixed disk has too is ambiguous for the stick', () => {
    const fixed = entry('sda', { size: 1e12, tran: 'sata', serial: 'X1' });
    expect(refusals([fixed, stick('sdb', { serial: 'X1' })])['/dev/sdb']).toMatch(/also that of \/dev\/sda/);
  });

  it('that both lack is no serial', () => {
    expect(refusals([stick('sdb', { serial: '' }), stick('sdc', { serial: null })])).toEqual({
      '/dev/sdb': null,
      '/dev/sdc': null,
    });
  });
});

it('takes nothing for a disk that is none', () => {
  const none = [
    entry('loop0', { type: 'loop', rm: true, size: 1e9, tran: 'usb' }),
    entry('loop1', { type: 'disk', rm: true, size: 1e9, tran: 'usb' }),
    entry('sr0', { type: 'rom', rm: true, size: 1e9, tran: 'usb' }),
    entry('zram0', { type: 'disk', size: 1e9, mountpoints: ['[SWAP]'] }),
    entry('nbd0', { type: 'disk', size: 1e9, rm: true }),
    entry('ram0', { size: 1e6 }),
    entry('fd0', { size: 1_474_560, rm: true }),
    entry('mmcblk0boot0', { size: 4_194_304, ro: true }),
    entry('mmcblk0rpmb', { size: 4_194_304 }),
    part('sdz1', { rm: true, tran: 'usb' }),
    entry('md0', { type: 'raid1', size: 1e9, rm: true, tran: 'usb' }),
  ];
  expect(devicesOf(none)).toEqual([]);
});
