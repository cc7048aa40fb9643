import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Disk, DiskBus } from '../../contract/machine.ts';
import { probeDisk } from '../claim.ts';
import { listEntries, readAttribute } from './sysfs.ts';

/** Block devices that are no disks of the machine: loops, RAM, optical drives, floppies, mappings, boot areas of eMMC. */
const NO_DISK = /^(loop|ram|zram|sr|fd|dm-|md|nbd|mtd|mmcblk\d+(boot|rpmb))/;
const SYSFS_SECTOR_BYTES = 512;

/** A partition as the kernel has it, in bytes from the start of its disk. */
export type DiskPartition = { number: number; device: string; startBytes: number; bytes: number };

/** Every disk of the machine. `mediumDisks` are the names of those the medium lies on. */
export async function listDisks(sys: string, dev: string, mediumDisks: readonly string[] = []): Promise<Disk[]> {
  const names = (await listEntries(sys, 'block')).filter((name) => !NO_DISK.test(name));
  return Promise.all(names.map((name) => describeDisk(sys, dev, name, mediumDisks.includes(name))));
}

async function describeDisk(sys: string, dev: string, name: string, holdsMedium: boolean): Promise<Disk> {
  const folder = join(sys, 'block', name);
  const bytes = await bytesAt(folder, 'size');
  const device = join(dev, name);
  const hidden = (await readAttribute(folder, 'hidden')) === '1';
  return {
    device,
    model: await modelOf(folder),
    serial: await serialOf(folder),
    bytes: hidden ? 0 : bytes,
    sectorBytes: await sectorBytesOf(sys, name),
    bus: busOf(name, await realpath(folder).catch(() => folder)),
    // The kernel calls no card of an mmc host removable: an SD card is told from an eMMC by its type.
    removable:
      (await readAttribute(folder, 'removable')) === '1' || (await readAttribute(folder, 'device/type')) === 'SD',
    readOnly: (await readAttribute(folder, 'ro')) === '1',
    holdsMedium,
    ...(await probeDisk(device, bytes)),
  };
}

/** The bus from the device's place in the kernel's tree. USB first: a stick is a SCSI disk behind a USB host. */
function busOf(name: string, path: string): DiskBus {
  if (/\/usb\d+\//.test(path)) return 'usb';
  if (name.startsWith('nvme')) return 'nvme';
  if (name.startsWith('mmcblk')) return 'mmc';
  if (/\/ata\d+\//.test(path)) return 'ata';
  if (/\/virtio\d+\//.test(path)) return 'virtio';
  return name.startsWith('sd') ? 'scsi' : 'other';
}

async function modelOf(folder: string): Promise<string> {
  const vendor = await readAttribute(folder, 'device/vendor');
  const model = await readAttribute(folder, 'device/model');
  // ATA disks have "ATA" for a vendor, virtio disks the number of one.
  return /^(ATA|0x.*|)$/.test(vendor) ? model : `${vendor} ${model}`.trim();
}

async function serialOf(folder: string): Promise<string> {
  for (const attribute of ['serial', 'device/serial']) {
    const serial = await readAttribute(folder, attribute);
    if (serial !== '') return serial;
  }
  // SCSI's "unit serial number" page: four bytes of header, then the text.
  const page = await readFile(join(folder, 'device/vpd_pg80')).catch(() => Buffer.alloc(0));
  return page
    .subarray(4)
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '')
    .trim();
}

/** The partitions of a disk, in the order of their places. */
export async function partitionsOf(sys: string, disk: string): Promise<DiskPartition[]> {
  const partitions: DiskPartition[] = [];
  for (const name of await listEntries(sys, join('block', basename(disk)))) {
    const number = Number(await readAttribute(sys, 'class/block', name, 'partition'));
    if (!Number.isInteger(number) || number < 1) continue;
    const folder = join(sys, 'class/block', name);
    const place = { startBytes: await bytesAt(folder, 'start'), bytes: await bytesAt(folder, 'size') };
    partitions.push({ number, device: partitionDevice(disk, number), ...place });
  }
  return partitions.sort((a, b) => a.startBytes - b.startBytes);
}

/** What the kernel counts in sectors of its own, whatever those of the disk (Linux: Documentation/ABI/stable/sysfs-block). */
export async function bytesAt(folder: string, attribute: 'start' | 'size'): Promise<number> {
  return Number(await readAttribute(folder, attribute)) * SYSFS_SECTOR_BYTES;
}

/** What a disk itself counts in. */
export async function sectorBytesOf(sys: string, disk: string): Promise<number> {
  return Number(await readAttribute(sys, 'block', basename(disk), 'queue/logical_block_size')) || SYSFS_SECTOR_BYTES;
}

/** The name of the whole disk a block device belongs to: sda for /dev/sda1, itself for a whole disk. */
export async function diskNameOf(sys: string, device: string): Promise<string> {
  const name = basename(device);
  const path = await realpath(join(sys, 'class/block', name)).catch(() => undefined);
  if (path === undefined || (await readAttribute(path, 'partition')) === '') return name;
  return basename(dirname(path));
}

/** Whether a device is the disk itself or a partition of it: /dev/sdaa1 is none of /dev/sda. */
export function isPartOf(disk: string, device: string): boolean {
  return device === disk || device === partitionDevice(disk, Number(/\d+$/.exec(device)?.[0]));
}

/** How the kernel names partition `number` of a disk: a p between when the disk's name ends in a digit. */
export function partitionDevice(disk: string, number: number): string {
  return `${disk}${/\d$/.test(disk) ? 'p' : ''}${number}`;
}
