import { z } from 'zod';

/** How a disk is attached. `other` is whatever the kernel names and we do not. */
export const DiskBus = z.enum(['ata', 'nvme', 'scsi', 'virtio', 'mmc', 'usb', 'other']);
export type DiskBus = z.infer<typeof DiskBus>;

/** A whole disk as the inventory saw it. */
export const Disk = z.object({
  device: z.string().describe('The path that opens it: /dev/nvme0n1, \\\\.\\PhysicalDrive0'),
  model: z.string(),
  serial: z.string(),
  bytes: z.int().nonnegative(),
  sectorBytes: z.int().nonnegative().describe('Logical sector size'),
  bus: DiskBus,
  removable: z.boolean(),
  readOnly: z.boolean(),
  holdsMedium: z.boolean().describe('The medium we run from lies on it'),
  prestagedBytes: z
    .int()
    .positive()
    .optional()
    .describe('What a prestaged medium occupies on it: the disk may be deployed, and the medium is kept until the end'),
  empty: z
    .boolean()
    .describe(
      'No partition table and no file system, or only a prestaged medium, or what an unfinished deployment left',
    ),
  unfinished: z.boolean().describe('Carries the claim of a deployment that did not end'),
});
export type Disk = z.infer<typeof Disk>;

const Processor = z.object({
  name: z.string().default(''),
  manufacturer: z.string().default('').describe('GenuineIntel, AuthenticAMD'),
  cores: z.int().default(0),
  logicalProcessors: z.int().default(0),
  megahertz: z.number().default(0),
});

export const NetworkAdapter = z.object({
  name: z.string().describe('What the system calls it: Ethernet, eth0'),
  description: z.string().default(''),
  mac: z.string().describe('00:11:22:33:44:55, upper case'),
  connected: z.boolean().default(false),
  wired: z.boolean().default(true),
  dhcp: z.boolean().default(true),
  addresses: z.array(z.string()).default([]),
  subnetMasks: z.array(z.string()).default([]).describe('One for each address'),
  gateways: z.array(z.string()).default([]),
  dnsServers: z.array(z.string()).default([]),
});
export type NetworkAdapter = z.infer<typeof NetworkAdapter>;

/** A Windows that runs, or in WinPE and Linux none: what boots from the medium is not what a condition asks about. */
export const OperatingSystem = z.object({
  caption: z.string().describe('Microsoft Windows 11 Pro'),
  version: z.string().describe('10.0.26100'),
  build: z.int(),
  revision: z.int().default(0).describe('The update build revision'),
  edition: z.string().default('').describe('EditionID: Professional'),
  architecture: z.enum(['x86', 'x64', 'arm64']),
  productType: z.enum(['client', 'domain-controller', 'server']).default('client'),
  language: z.int().default(1033).describe('LCID'),
  computerName: z.string().default(''),
  domain: z.string().default('').describe('Empty in a workgroup'),
  workgroup: z.string().default(''),
  systemDrive: z.string().default('C:'),
  windowsFolder: z.string().default('C:\\Windows'),
});
export type OperatingSystem = z.infer<typeof OperatingSystem>;

const NO_BIOS = { vendor: '', version: '', date: '' };
const NO_BOARD = { manufacturer: '', product: '', serial: '', version: '' };

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
  sku: z.string().default('').describe('SMBIOS system SKU number'),
  family: z.string().default(''),
  systemVersion: z.string().default('').describe('SMBIOS system version: ThinkPad X1 Carbon Gen 11'),
  bios: z
    .object({ vendor: z.string(), version: z.string(), date: z.string().describe('YYYY-MM-DD, or empty') })
    .default(NO_BIOS),
  baseBoard: z
    .object({ manufacturer: z.string(), product: z.string(), serial: z.string(), version: z.string() })
    .default(NO_BOARD),
  chassisTypes: z.array(z.int()).default([]).describe("SMBIOS' numbers: 3 desktop, 9 laptop, 10 notebook"),
  processors: z.array(Processor).default([]),
  batteries: z.array(z.object({ name: z.string(), chargePercent: z.number() })).default([]),
  tpm: z
    .object({ specVersion: z.string().describe('2.0'), enabled: z.boolean(), activated: z.boolean() })
    .optional()
    .describe('Absent where there is none'),
  networkAdapters: z.array(NetworkAdapter).default([]),
  operatingSystem: OperatingSystem.optional().describe('The Windows that runs; absent in a boot environment'),
});
export type Machine = z.infer<typeof Machine>;
