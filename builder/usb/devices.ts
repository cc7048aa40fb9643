import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exec } from '../../runtime/host/exec.ts';
import { type BlockDevice, listBlockDevices } from '../tools/lsblk.ts';
import { type DiskFacts, isRemovable, mountPointsOf, refusalOf } from './refusal.ts';
import type { DeviceContent, UsbDevice } from './usb-device.ts';

/** What lsblk calls a disk and is none: memory, disks of the network, and the boot areas of an eMMC. */
const NO_DISK = /^(loop|ram|zram|nbd|fd|sr|mmcblk\d+(boot|rpmb|gp))/;
/** What lsblk shows of a vendor that is the name of a bus or the number of one. */
const NO_VENDOR = /^(ATA|0x.*|)$/;

/** Every disk of this machine, those that may not be written with the reason. Needs no root. */
export async function listDevices(exec: Exec, signal: AbortSignal, sys = '/sys'): Promise<UsbDevice[]> {
  const listing = await listBlockDevices(exec, signal);
  const cardTypes = new Map<string, string>();
  for (const { kernelName } of listing) {
    if (kernelName.startsWith('mmcblk')) cardTypes.set(kernelName, await readCardType(sys, kernelName));
  }
  return usbDevices(listing, cardTypes);
}

/** Judges a listing. `cardTypes`: what the kernel calls the cards of mmc hosts, by its name of the disk. */
export function usbDevices(
  listing: readonly BlockDevice[],
  cardTypes: ReadonlyMap<string, string> = new Map(),
): UsbDevice[] {
  const disks = listing
    .filter(({ type, kernelName }) => type === 'disk' && !NO_DISK.test(kernelName))
    .map((disk) => ({ disk, above: above(disk, listing), cardType: cardTypes.get(disk.kernelName) ?? '' }));
  return disks.map((facts) => toUsbDevice(facts, disks));
}

function toUsbDevice(facts: DiskFacts, all: readonly DiskFacts[]): UsbDevice {
  const { disk } = facts;
  const mountPoints = mountPointsOf(facts);
  return {
    device: disk.path,
    model: modelOf(disk),
    serial: disk.serial,
    bytes: disk.bytes,
    removable: isRemovable(facts),
    mounted: mountPoints.length > 0,
    mountPoints,
    partitionTable: disk.partitionTable,
    contents: contentsOf(facts),
    refused: refusalOf(facts, all),
  };
}

/** Children, and whatever else names one of them as what it lies on, at any depth. */
function above(disk: BlockDevice, listing: readonly BlockDevice[]): BlockDevice[] {
  const found = new Map<string, BlockDevice>();
  const visit = ({ kernelName, children }: BlockDevice): void => {
    for (const device of [...children, ...listing.filter(({ parent }) => parent === kernelName)]) {
      if (found.has(device.kernelName)) continue;
      found.set(device.kernelName, device);
      visit(device);
    }
  };
  visit(disk);
  return [...found.values()];
}

function contentsOf({ disk, above }: DiskFacts): DeviceContent[] {
  const partitions = above.filter(({ type }) => type === 'part');
  const whole = disk.fileSystem === '' ? [] : [disk];
  return [...whole, ...partitions].map(({ path, bytes, fileSystem, label }) => ({
    device: path,
    bytes,
    fileSystem,
    label,
  }));
}

function modelOf({ vendor, model }: BlockDevice): string {
  const named = NO_VENDOR.test(vendor) || model.toLowerCase().startsWith(vendor.toLowerCase());
  return named ? model : `${vendor} ${model}`.trim();
}

/** Linux: Documentation/driver-api/mmc/mmc-dev-attrs. */
async function readCardType(sys: string, kernelName: string): Promise<string> {
  const text = await readFile(join(sys, 'block', kernelName, 'device/type'), 'latin1').catch(() => '');
  return text.trim();
}
