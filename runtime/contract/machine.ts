import { z } from 'zod';

/** How a disk is attached. `other` is whatever the kernel names and we do not. */
export const DiskBus = z.enum(['ata', 'nvme', 'scsi', 'virtio', 'mmc', 'usb', 'other']);
export type DiskBus = z.infer<typeof DiskBus>;

/** A whole disk as the inventory saw it. */
export const Disk = z.object({
  device: z.string().describe('The path that opens it: /dev/nvme0n1, \\\\.\\PhysicalDrive0'),
  model: z.string(),
  serial: z.string(),
  bytes: z.number(),
  sectorBytes: z.number().describe('Logical sector size'),
  bus: DiskBus,
  removable: z.boolean(),
  readOnly: z.boolean(),
  holdsMedium: z.boolean().describe('The medium we run from lies on it'),
  empty: z.boolean().describe('No partition table and no file system, or only what an unfinished deployment left'),
  unfinished: z.boolean().describe('Carries the claim of a deployment that did not end'),
});
export type Disk = z.infer<typeof Disk>;

/** The inventory of the machine the runtime stands on. Texts are empty where the firmware says nothing. */
export const Machine = z.object({
  make: z.string(),
  model: z.string(),
  serial: z.string(),
  uuid: z.string(),
  assetTag: z.string(),
  architecture: z.enum(['x64', 'arm64']),
  firmware: z.enum(['uefi', 'bios']),
  secureBoot: z.boolean(),
  memoryBytes: z.number(),
  processorMegahertz: z.number().describe('0 where it is not known'),
  onBattery: z.boolean(),
  macAddresses: z.array(z.string()),
  deviceIds: z.array(z.string()).describe('Hardware IDs of PCI and USB devices as Windows writes them'),
  disks: z.array(Disk),
});
export type Machine = z.infer<typeof Machine>;
