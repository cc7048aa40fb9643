import { stat } from 'node:fs/promises';
import type { Disk, DiskBus } from '../../contract/machine.ts';
import type { Win32 } from '../../native/win32.ts';
import {
  CONTROL_CODES,
  DEVICE_PROPERTY_QUERY,
  type DeviceDescriptor,
  decodeDeviceDescriptor,
  decodeGeometry,
  decodeNvmeSerial,
  NVME_IDENTIFY_QUERY,
} from '../../native/win32-structs.ts';
import { probeDisk } from '../claim.ts';
import { sameDisk } from './devices.ts';
import type { WinpeHost } from './host.ts';

/** Windows numbers disks as it finds them; numbers of disks that are gone are not used again at once. */
const MOST_DISKS = 64;
const WRITE_PROTECTED = 19;
const NO_DESCRIPTOR: DeviceDescriptor = { vendor: '', product: '', serial: '', bus: 0, removable: false };

/** STORAGE_BUS_TYPE. */
const BUSES: Readonly<Record<number, DiskBus>> = {
  1: 'scsi',
  2: 'ata',
  3: 'ata',
  6: 'scsi',
  7: 'usb',
  9: 'scsi',
  10: 'scsi',
  11: 'ata',
  12: 'mmc',
  13: 'mmc',
  17: 'nvme',
};
const SD_CARD = 12;
const NVME = 17;

/** Every disk of the machine. `mediumDisks` are those the medium lies on. */
export async function listDisks(
  { win32, disk: deviceOf }: Pick<WinpeHost, 'win32' | 'disk'>,
  mediumDisks: readonly string[] = [],
): Promise<Disk[]> {
  const disks: Disk[] = [];
  for (let number = 0; number < MOST_DISKS; number++) {
    const disk = await describeDisk(win32, deviceOf(number));
    if (disk === undefined) continue;
    disks.push({
      ...disk,
      holdsMedium: mediumDisks.some((medium) => sameDisk(disk.device, medium)),
      ...(await probeDisk(disk.device, disk.bytes)),
    });
  }
  return disks;
}

type Description = Omit<Disk, 'holdsMedium' | 'empty' | 'unfinished'>;

async function describeDisk(win32: Win32, device: string): Promise<Description | undefined> {
  const ask = (code: number, input: Buffer, bytes: number) => win32.control(device, code, input, bytes);
  const geometry = ask(CONTROL_CODES.DISK_GET_DRIVE_GEOMETRY_EX, Buffer.alloc(0), 256);
  if (geometry === undefined) return undefined;
  const property = ask(CONTROL_CODES.STORAGE_QUERY_PROPERTY, DEVICE_PROPERTY_QUERY, 4096);
  const writable = ask(CONTROL_CODES.DISK_IS_WRITABLE, Buffer.alloc(0), 0);
  const size = 'data' in geometry ? decodeGeometry(geometry.data) : undefined;
  const descriptor =
    (property !== undefined && 'data' in property ? decodeDeviceDescriptor(property.data) : undefined) ?? NO_DESCRIPTOR;
  return {
    device,
    model: [descriptor.vendor, descriptor.product].filter(Boolean).join(' '),
    serial: (descriptor.bus === NVME && nvmeSerial(win32, device)) || plainSerial(descriptor.serial),
    bytes: size?.bytes ?? (await fileBytes(device)),
    sectorBytes: size?.sectorBytes || 512,
    bus: busOf(descriptor),
    removable: descriptor.removable || descriptor.bus === SD_CARD,
    readOnly: writable !== undefined && 'error' in writable && writable.error === WRITE_PROTECTED,
  };
}

/** As other systems show it, so that a rule on the serial number holds whatever has started the machine. */
function nvmeSerial(win32: Win32, device: string): string {
  const { STORAGE_QUERY_PROPERTY } = CONTROL_CODES;
  const answer = win32.control(device, STORAGE_QUERY_PROPERTY, NVME_IDENTIFY_QUERY, NVME_IDENTIFY_QUERY.length);
  return answer === undefined || 'error' in answer ? '' : decodeNvmeSerial(answer.data);
}

/** The size of an image file that stands for a disk, as in Wine; 0 for a slot without a card. */
async function fileBytes(device: string): Promise<number> {
  return stat(device).then(
    (entry) => (entry.isFile() ? entry.size : 0),
    () => 0,
  );
}

/** A disk of virtio is one of SCSI to Windows: its driver's names tell. */
function busOf({ bus, product }: DeviceDescriptor): DiskBus {
  if (/\bvirtio\b/i.test(product)) return 'virtio';
  return BUSES[bus] ?? 'other';
}

/**
 * Old ATA drivers give a serial number as the hexadecimal digits of its 20 bytes, each two bytes in the wrong order. Pure.
 */
export function plainSerial(serial: string): string {
  if (!/^[0-9a-f]{40}$/i.test(serial)) return serial;
  const text = Buffer.from(serial, 'hex').swap16().toString('latin1');
  return /^[\x20-\x7e]+$/.test(text) ? text.trim() : serial;
}
