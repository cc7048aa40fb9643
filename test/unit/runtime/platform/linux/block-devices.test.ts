import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  diskNameOf,
  isPartOf,
  listDisks,
  partitionDevice,
  partitionsOf,
  sectorBytesOf,
} from '../../../../../runtime/platform/linux/block-devices.ts';
import { type KernelDisk, kernelTree } from '../../../../helpers/kernel-tree.ts';
import { writeFiles } from '../../../../helpers/temporary-folder.ts';

const SECTORS_OF_1_GIB = String(2 * 1024 ** 2);

function disk(
  name: string,
  place: string,
  attributes: KernelDisk['attributes'] = {},
  partitions?: number[],
): KernelDisk {
  const common = { size: `${SECTORS_OF_1_GIB}\n`, removable: '0\n', ro: '0\n', 'queue/logical_block_size': '512\n' };
  return { name, place, attributes: { ...common, ...attributes }, ...(partitions && { partitions }) };
}

const NVME = disk(
  'nvme0n1',
  'pci0000:00/0000:00:1d.0/0000:01:00.0/nvme/nvme0',
  {
    'device/model': 'Stand-in NVMe                 \n',
    'device/serial': 'N1  \n',
    'queue/logical_block_size': '4096\n',
  },
  [1, 2],
);
const SATA = disk(
  'sda',
  'pci0000:00/0000:00:17.0/ata1/host0/target0:0:0/0:0:0:0',
  {
    'device/vendor': 'ATA     \n',
    'device/model': 'Stand-in SATA\n',
    'device/vpd_pg80': Buffer.from('\x00\x80\x00\x24                A-SERIAL-NUMBER-1234', 'latin1'),
  },
  [1],
);
const STICK = disk('sdb', 'pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host1/target1:0:0/1:0:0:0', {
  'device/vendor': 'Stand-in\n',
  'device/model': 'Stick\n',
  removable: '1\n',
});
const USB_DISK = disk('sdc', 'pci0000:00/0000:00:14.0/usb2/2-2/2-2:1.0/host2/target2:0:0/2:0:0:0');
const EMMC = disk('mmcblk0', 'platform/mmc_host/mmc0/mmc0:0001', { 'device/type': 'MMC\n', 'device/serial': '0x0a\n' });
const CARD = disk('mmcblk1', 'platform/mmc_host/mmc1/mmc1:aaaa', { 'device/type': 'SD\n' });
const VIRTIO = disk('vda', 'pci0000:00/0000:00:04.0/virtio1', {
  serial: 'V1\n',
  'device/vendor': '0x1af4\n',
  ro: '1\n',
});

describe('listDisks', () => {
  it('describes each kind of disk', async () => {
    const { sys, dev } = await kernelTree([NVME, SATA, STICK, USB_DISK, EMMC, CARD, VIRTIO]);
    const disks = await listDisks(sys, dev);
    const common = { bytes: 1024 ** 3, sectorBytes: 512, removable: false, readOnly: false, holdsMedium: false };
    expect(
      disks.map(({ device, empty: _, unfinished: __, ...rest }) => ({ ...rest, device: device.slice(dev.length) })),
    ).toEqual([
      { ...common, device: '/mmcblk0', model: '', serial: '0x0a', bus: 'mmc' },
      { ...common, device: '/mmcblk1', model: '', serial: '', bus: 'mmc', removable: true },
      { ...common, device: '/nvme0n1', model: 'Stand-in NVMe', serial: 'N1', bus: 'nvme', sectorBytes: 4096 },
      { ...common, device: '/sda', model: 'Stand-in SATA', serial: 'A-SERIAL-NUMBER-1234', bus: 'ata' },
      { ...common, device: '/sdb', model: 'Stand-in Stick', serial: '', bus: 'usb', removable: true },
      { ...common, device: '/sdc', model: '', serial: '', bus: 'usb' },
      { ...common, device: '/vda', model: '', serial: 'V1', bus: 'virtio', readOnly: true },
    ]);
  });

  it('leaves out what is no disk', async () => {
    const names = [
      'loop0',
      'ram0',
      'zram0',
      'sr0',
      'fd0',
      'dm-0',
      'md127',
      'nbd0',
      'mtdblock0',
      'mmcblk0boot0',
      'mmcblk0rpmb',
    ];
    const { sys, dev } = await kernelTree([...names.map((name) => disk(name, `virtual/${name}`)), NVME]);
    expect((await listDisks(sys, dev)).map(({ device }) => device)).toEqual([join(dev, 'nvme0n1')]);
  });

  it('marks the disk the medium lies on, and no other', async () => {
    const { sys, dev } = await kernelTree([SATA, STICK]);
    expect((await listDisks(sys, dev, ['sdb'])).map(({ holdsMedium }) => holdsMedium)).toEqual([false, true]);
    expect((await listDisks(sys, dev, ['sr0'])).map(({ holdsMedium }) => holdsMedium)).toEqual([false, false]);
  });

  it('gives no size to one that cannot be opened: a path of a multipath disk, a slot without a card', async () => {
    const { sys, dev } = await kernelTree([
      disk('nvme0c0n1', 'pci0000:00/nvme/nvme0', { hidden: '1\n' }),
      disk('sdd', 'pci0000:00/0000:00:14.0/usb1/1-1/host3', { size: '0\n' }),
    ]);
    expect((await listDisks(sys, dev)).map(({ bytes }) => bytes)).toEqual([0, 0]);
  });

  it('calls a disk empty only when it has been read and nothing was there', async () => {
    const { sys, dev } = await kernelTree(
      [NVME, SATA, STICK].map(({ name, place }) => disk(name, place, { size: '8192\n' })),
    );
    const data = Buffer.alloc(4 * 1024 ** 2);
    data[data.length - 10] = 1;
    await writeFiles(dev, { nvme0n1: Buffer.alloc(4 * 1024 ** 2), sda: data });
    const found = await listDisks(sys, dev);
    expect(found.map(({ empty, unfinished }) => [empty, unfinished])).toEqual([
      [true, false],
      [false, false],
      [false, false],
    ]);
  });
});

describe('partitionsOf', () => {
  it('are those of this disk alone, in the order of their places, in bytes whatever its sectors are', async () => {
    const { sys, dev } = await kernelTree([
      disk('sda', SATA.place, { 'queue/logical_block_size': '4096\n' }, [1, 2, 10]),
      disk('sdaa', USB_DISK.place, {}, [1]),
    ]);
    const places = { sda1: [4096, 8], sda2: [2048, 16], sda10: [8192, 24], sdaa1: [1, 1] };
    for (const [name, [start, size]] of Object.entries(places))
      await writeFiles(join(sys, 'class/block', name), { start: `${start}\n`, size: `${size}\n` });
    expect(await partitionsOf(sys, join(dev, 'sda'))).toEqual([
      { number: 2, device: join(dev, 'sda2'), startBytes: 1024 ** 2, bytes: 8192 },
      { number: 1, device: join(dev, 'sda1'), startBytes: 2 * 1024 ** 2, bytes: 4096 },
      { number: 10, device: join(dev, 'sda10'), startBytes: 4 * 1024 ** 2, bytes: 12_288 },
    ]);
    expect(await partitionsOf(sys, join(dev, 'sdb'))).toEqual([]);
    expect(await sectorBytesOf(sys, join(dev, 'sda'))).toBe(4096);
  });
});

describe('names', () => {
  it.each([
    ['/dev/sda', 1, '/dev/sda1'],
    ['/dev/nvme0n1', 2, '/dev/nvme0n1p2'],
    ['/dev/mmcblk0', 3, '/dev/mmcblk0p3'],
    ['/dev/vdb', 12, '/dev/vdb12'],
  ])('partition of %s: %i is %s', (whole, number, partition) => {
    expect(partitionDevice(whole, number)).toBe(partition);
    expect(isPartOf(whole, partition)).toBe(true);
    expect(isPartOf(whole, whole)).toBe(true);
  });

  it.each([
    ['/dev/sda', '/dev/sdaa'],
    ['/dev/sda', '/dev/sdaa1'],
    ['/dev/sda', '/dev/sdb1'],
    ['/dev/nvme0n1', '/dev/nvme0n10'],
    ['/dev/nvme0n1', '/dev/nvme0n10p1'],
    ['/dev/sda', 'proc'],
    ['/dev/sda', ''],
  ])('%s has nothing to do with %j', (whole, other) => {
    expect(isPartOf(whole, other)).toBe(false);
  });

  it('of the disk behind a device', async () => {
    const { sys } = await kernelTree([NVME, SATA, disk('sr0', 'pci0000:00/ata2/host1')]);
    const names = ['sda1', 'sda', 'nvme0n1p2', 'sr0', 'unheard-of'].map((name) => diskNameOf(sys, `/dev/${name}`));
    expect(await Promise.all(names)).toEqual(['sda', 'sda', 'nvme0n1', 'sr0', 'unheard-of']);
  });
});
