import type { Disk, Machine } from '../../contract/machine.ts';
import { CIMV2, defineClass, known } from './class.ts';

const ARCHITECTURES = { x64: 9, arm64: 12 };

/** Where only the clock is known there is one processor of which only that is known. */
export const PROCESSOR = defineClass({
  name: 'Win32_Processor',
  namespace: CIMV2,
  items: ({ processors, processorMegahertz, architecture, operatingSystem }) => {
    const clock = { name: '', manufacturer: '', cores: 0, logicalProcessors: 0, megahertz: processorMegahertz };
    const all = processors.length > 0 ? processors : [clock];
    const addressWidth = operatingSystem?.architecture === 'x86' ? 32 : 64;
    return all.map((processor, index) => ({ ...processor, index, architecture, addressWidth }));
  },
  properties: {
    DeviceID: ['string', ({ index }) => `CPU${index}`],
    Name: ['string', ({ name }) => known(name)],
    Manufacturer: ['string', ({ manufacturer }) => known(manufacturer)],
    NumberOfCores: ['uint32', ({ cores }) => known(cores)],
    NumberOfLogicalProcessors: ['uint32', ({ logicalProcessors }) => known(logicalProcessors)],
    MaxClockSpeed: ['uint32', ({ megahertz }) => known(Math.round(megahertz))],
    Architecture: ['uint16', ({ architecture }) => ARCHITECTURES[architecture]],
    AddressWidth: ['uint16', ({ addressWidth }) => addressWidth],
    DataWidth: ['uint16', () => 64],
    ProcessorType: ['uint16', () => 3],
    Status: ['string', () => 'OK'],
  },
});

/** A machine that runs on battery has one, even where the inventory could not name it. */
export const BATTERY = defineClass({
  name: 'Win32_Battery',
  namespace: CIMV2,
  note: 'BatteryStatus is 1 on battery and 2 on mains.',
  items: ({ batteries, onBattery }) => {
    const all = batteries.length > 0 || !onBattery ? batteries : [{ name: '', chargePercent: undefined }];
    return all.map((battery, index) => ({ ...battery, index, onBattery }));
  },
  properties: {
    DeviceID: ['string', ({ name, index }) => known(name) && `${index}${name}`],
    Name: ['string', ({ name }) => known(name)],
    BatteryStatus: ['uint16', ({ onBattery }) => (onBattery ? 1 : 2)],
    EstimatedChargeRemaining: ['uint16', ({ chargePercent }) => chargePercent],
    Caption: ['string', () => 'Internal Battery'],
    Description: ['string', () => 'Internal Battery'],
    Status: ['string', () => 'OK'],
  },
});

const INTERFACES = {
  ata: 'IDE',
  nvme: 'SCSI',
  scsi: 'SCSI',
  virtio: 'SCSI',
  usb: 'USB',
  mmc: undefined,
  other: undefined,
} as const;

export const DISK_DRIVE = defineClass({
  name: 'Win32_DiskDrive',
  namespace: CIMV2,
  note: 'Size counts whole cylinders of 255 heads and 63 sectors, as in WMI. Index follows the device where Windows named it, else the order of the inventory.',
  items: ({ disks }) => disks.map((disk, order) => ({ ...disk, index: diskIndex(disk, order) })),
  properties: {
    DeviceID: ['string', ({ index }) => `\\\\.\\PHYSICALDRIVE${index}`],
    Name: ['string', ({ index }) => `\\\\.\\PHYSICALDRIVE${index}`],
    Index: ['uint32', ({ index }) => index],
    Model: ['string', ({ model }) => model],
    Caption: ['string', ({ model }) => model],
    SerialNumber: ['string', ({ serial }) => serial],
    Size: ['uint64', sizeInCylinders],
    BytesPerSector: ['uint32', ({ sectorBytes }) => sectorBytes],
    InterfaceType: ['string', ({ bus }) => INTERFACES[bus]],
    MediaType: ['string', mediaType],
    MediaLoaded: ['boolean', () => true],
    Status: ['string', () => 'OK'],
  },
});

function diskIndex({ device }: Disk, order: number): number {
  const named = /PhysicalDrive(\d+)$/i.exec(device)?.[1];
  return named === undefined ? order : Number(named);
}

function sizeInCylinders({ bytes, sectorBytes }: Disk): number {
  const cylinder = 255 * 63 * sectorBytes;
  return Math.floor(bytes / cylinder) * cylinder;
}

function mediaType({ removable, bus }: Disk): string {
  if (removable) return 'Removable Media';
  return bus === 'usb' ? 'External hard disk media' : 'Fixed hard disk media';
}

export const PNP_ENTITY = defineClass({
  name: 'Win32_PnPEntity',
  namespace: CIMV2,
  note: 'One for each hardware ID of a PCI or USB device. DeviceID is that ID, without the number of the instance that WMI appends: compare it with LIKE.',
  items: ({ deviceIds }: Machine) => deviceIds,
  properties: {
    DeviceID: ['string', (id) => id],
    PNPDeviceID: ['string', (id) => id],
    HardwareID: ['string[]', (id) => [id]],
    Name: ['string', () => undefined],
    Caption: ['string', () => undefined],
    Description: ['string', () => undefined],
    Status: ['string', () => undefined],
    ConfigManagerErrorCode: ['uint32', () => undefined],
  },
});
