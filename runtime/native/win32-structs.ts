import { guidText } from '../hive/guid.ts';

/** Control codes and what they answer with (Microsoft: winioctl.h, ntddstor.h). Every structure is a 64-bit build's. */
export const CONTROL_CODES = {
  DISK_GET_DRIVE_GEOMETRY_EX: 0x000700a0,
  DISK_GET_DRIVE_LAYOUT_EX: 0x00070050,
  DISK_IS_WRITABLE: 0x00070024,
  STORAGE_QUERY_PROPERTY: 0x002d1400,
  STORAGE_GET_DEVICE_NUMBER: 0x002d1080,
} as const;

/** STORAGE_PROPERTY_QUERY for the device's own descriptor: two zeros and room for parameters. */
export const DEVICE_PROPERTY_QUERY: Buffer = Buffer.alloc(12);

/** DISK_GEOMETRY_EX. */
export function decodeGeometry(data: Buffer): { bytes: number; sectorBytes: number } | undefined {
  if (data.length < 32) return undefined;
  return { sectorBytes: data.readUInt32LE(20), bytes: Number(data.readBigUInt64LE(24)) };
}

const DEVICE_TYPE_DISK = 7;
/** What a driver says that has no number to give, such as the one of RAM disks. */
const NO_NUMBER = 0xffffffff;

/** STORAGE_DEVICE_NUMBER: the disk a device is, with partition 0, or is a partition of; undefined for everything else. */
export function decodeDeviceNumber(data: Buffer): { disk: number; partition: number } | undefined {
  if (data.length < 12) return undefined;
  const [type, disk, partition] = [data.readUInt32LE(0), data.readUInt32LE(4), data.readUInt32LE(8)];
  return type !== DEVICE_TYPE_DISK || disk === NO_NUMBER || partition === NO_NUMBER ? undefined : { disk, partition };
}

export type DeviceDescriptor = { vendor: string; product: string; serial: string; bus: number; removable: boolean };

/** STORAGE_DEVICE_DESCRIPTOR: its texts lie behind it, each at an offset, 0 for none. */
export function decodeDeviceDescriptor(data: Buffer): DeviceDescriptor | undefined {
  if (data.length < 32) return undefined;
  const text = (at: number): string => {
    const offset = data.readUInt32LE(at);
    // Some drivers give all ones for a serial number they do not have.
    if (offset === 0 || offset >= data.length) return '';
    const end = data.indexOf(0, offset);
    return data.toString('latin1', offset, end < 0 ? data.length : end).trim();
  };
  return {
    removable: data[10] !== 0,
    vendor: text(12),
    product: text(16),
    serial: text(24),
    bus: data.readUInt32LE(28),
  };
}

const NVME_QUERY = { headerBytes: 8, dataOffset: 40, dataBytes: 4096 };

/**
 * STORAGE_PROPERTY_QUERY that asks an NVMe controller to identify itself (Microsoft: "Working with NVMe drives"). The
 * answer needs as many bytes as the question has.
 */
export const NVME_IDENTIFY_QUERY: Buffer = (() => {
  const { headerBytes, dataOffset, dataBytes } = NVME_QUERY;
  const query = Buffer.alloc(headerBytes + dataOffset + dataBytes);
  const adapterProtocol = 49;
  const [nvme, identify, controller] = [3, 1, 1];
  const words = [adapterProtocol, 0, nvme, identify, controller, 0, dataOffset, dataBytes];
  for (const [index, word] of words.entries()) query.writeUInt32LE(word, index * 4);
  return query;
})();

/**
 * The serial number an NVMe controller gives (NVM Express: "Identify Controller"). What the device's descriptor says is
 * made of another identifier.
 */
export function decodeNvmeSerial(data: Buffer): string {
  const identity = data.subarray(NVME_QUERY.headerBytes + NVME_QUERY.dataOffset);
  return identity.toString('latin1', 4, 24).replaceAll('\0', '').trim();
}

export type DriveLayout = {
  style: 'mbr' | 'gpt' | 'raw';
  /** As the platform's tables have it; empty for a disk without a table. */
  identity: string;
  /** `type` and `guid`: of a GPT disk. */
  partitions: { number: number; startBytes: number; bytes: number; type?: string; guid?: string }[];
};

const LAYOUT_HEADER_BYTES = 48;
const PARTITION_BYTES = 144;
const STYLES = ['mbr', 'gpt'] as const;
/** PARTITION_EXTENDED and PARTITION_XINT13_EXTENDED: what holds partitions and is none. */
const CONTAINERS: readonly number[] = [0x05, 0x0f];

/** DRIVE_LAYOUT_INFORMATION_EX. An MBR's list has empty places and extended partitions: they are left out. */
export function decodeLayout(data: Buffer): DriveLayout | undefined {
  if (data.length < LAYOUT_HEADER_BYTES) return undefined;
  const style = STYLES[data.readUInt32LE(0)];
  if (style === undefined) return { style: 'raw', identity: '', partitions: [] };
  const room = Math.floor((data.length - LAYOUT_HEADER_BYTES) / PARTITION_BYTES);
  const entries = Array.from({ length: Math.min(data.readUInt32LE(4), room) }, (_, index) =>
    data.subarray(LAYOUT_HEADER_BYTES + index * PARTITION_BYTES),
  ).filter((entry) => style === 'gpt' || !CONTAINERS.includes(entry.readUInt8(32)));
  const partitions = entries.map((entry) => ({
    startBytes: Number(entry.readBigUInt64LE(8)),
    bytes: Number(entry.readBigUInt64LE(16)),
    number: entry.readUInt32LE(24),
    ...(style === 'gpt' && { type: guidText(entry.subarray(32, 48)), guid: guidText(entry.subarray(48, 64)) }),
  }));
  const identity =
    style === 'gpt' ? guidText(data.subarray(8, 24)) : data.readUInt32LE(8).toString(16).padStart(8, '0');
  return { style, identity, partitions: partitions.filter(({ bytes, number }) => bytes > 0 && number > 0) };
}
