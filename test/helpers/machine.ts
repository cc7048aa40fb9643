import { type Disk, Machine } from '../../runtime/contract/machine.ts';

const GIB = 1024 ** 3;

/** An ordinary internal disk, as a test wants it. */
export function aDisk(wish: Partial<Disk> = {}): Disk {
  return {
    device: '/dev/nvme0n1',
    model: 'Stand-in SSD',
    serial: 'S1',
    bytes: 64 * GIB,
    sectorBytes: 512,
    bus: 'nvme',
    removable: false,
    readOnly: false,
    holdsMedium: false,
    empty: true,
    unfinished: false,
    ...wish,
  };
}

/** An ordinary machine with one disk, as a test wants it. */
export function aMachine(wish: Partial<Machine> = {}): Machine {
  return Machine.parse({
    make: 'Stand-in',
    model: 'Model 1',
    serial: 'SN1',
    uuid: '11111111-2222-3333-4444-555555555555',
    assetTag: '',
    architecture: 'x64',
    firmware: 'uefi',
    secureBoot: false,
    memoryBytes: 8 * GIB,
    processorMegahertz: 2000,
    onBattery: false,
    macAddresses: ['02:00:00:00:00:01'],
    deviceIds: [],
    disks: [aDisk()],
    ...wish,
  });
}
