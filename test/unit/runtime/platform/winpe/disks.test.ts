import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Disk } from '../../../../../runtime/contract/machine.ts';
import { listDisks, plainSerial } from '../../../../../runtime/platform/winpe/disks.ts';
import { readMachine } from '../../../../../runtime/platform/winpe/machine.ts';
import { type FakeDisk, fakeWin32 } from '../../../../helpers/fake-win32.ts';
import { temporaryFolder } from '../../../../helpers/temporary-folder.ts';

const MIB = 1024 ** 2;

/** Disks by their numbers, each over a file of 4 MiB with something at its end, or nothing at all. */
async function list(disks: Record<number, FakeDisk & { end?: string }>, medium?: number): Promise<Disk[]> {
  const folder = await temporaryFolder();
  const disk = (number: number) => join(folder, `PhysicalDrive${number}`);
  for (const [number, { end }] of Object.entries(disks)) {
    if (end === undefined) continue;
    await writeFile(disk(Number(number)), end);
    await truncate(disk(Number(number)), 4 * MIB);
  }
  const known = Object.fromEntries(Object.entries(disks).map(([number, fake]) => [disk(Number(number)), fake]));
  const found = await listDisks(
    { win32: fakeWin32({ disks: known }), disk },
    medium === undefined ? [] : [disk(medium)],
  );
  return found.map(({ device, ...rest }) => ({ ...rest, device: device.slice(folder.length + 1) }));
}

describe('listDisks', () => {
  it('describes each kind of disk', async () => {
    const found = await list({
      0: { bytes: 4 * MIB, bus: 17, product: 'NVMe Stand-in', serial: 'N1', sectorBytes: 4096 },
      1: { bytes: 4 * MIB, bus: 11, product: 'SATA Stand-in', serial: '5a31324233343536373839302020202020202020' },
      2: { bytes: 4 * MIB, bus: 17, product: 'NVMe', serial: '0025_3854_91B0_5C2E.', nvmeSerial: 'S4EWNX0N123456' },
      3: { bytes: 4 * MIB, bus: 7, vendor: 'Stand-in', product: 'Stick', removable: true, writeProtected: true },
      4: { bytes: 4 * MIB, bus: 1, vendor: 'Red Hat', product: 'VirtIO', serial: 'V1' },
      5: { bytes: 4 * MIB, bus: 12, product: 'SD card' },
      6: { bytes: 4 * MIB, bus: 13, product: 'eMMC' },
      7: { bytes: 4 * MIB, bus: 8, product: 'RAID' },
      9: { bus: 7, product: 'Slot without a card', removable: true },
      63: { bytes: 4 * MIB },
    });
    const common = {
      bytes: 4 * MIB,
      sectorBytes: 512,
      serial: '',
      removable: false,
      readOnly: false,
      holdsMedium: false,
    };
    expect(found.map(({ empty: _, unfinished: __, ...disk }) => disk)).toEqual([
      { ...common, device: 'PhysicalDrive0', model: 'NVMe Stand-in', serial: 'N1', bus: 'nvme', sectorBytes: 4096 },
      { ...common, device: 'PhysicalDrive1', model: 'SATA Stand-in', serial: '1ZB243658709', bus: 'ata' },
      { ...common, device: 'PhysicalDrive2', model: 'NVMe', serial: 'S4EWNX0N123456', bus: 'nvme' },
      { ...common, device: 'PhysicalDrive3', model: 'Stand-in Stick', bus: 'usb', removable: true, readOnly: true },
      { ...common, device: 'PhysicalDrive4', model: 'Red Hat VirtIO', serial: 'V1', bus: 'virtio' },
      { ...common, device: 'PhysicalDrive5', model: 'SD card', bus: 'mmc', removable: true },
      { ...common, device: 'PhysicalDrive6', model: 'eMMC', bus: 'mmc' },
      { ...common, device: 'PhysicalDrive7', model: 'RAID', bus: 'other' },
      { ...common, device: 'PhysicalDrive9', model: 'Slot without a card', bus: 'usb', removable: true, bytes: 0 },
      { ...common, device: 'PhysicalDrive63', model: '', bus: 'other' },
    ]);
  });

  it('marks the disk the medium lies on, and no other', async () => {
    const found = await list({ 0: { bytes: MIB }, 1: { bytes: MIB }, 10: { bytes: MIB } }, 1);
    expect(found.map(({ holdsMedium }) => holdsMedium)).toEqual([false, true, false]);
  });

  it('calls a disk empty only when it has been read and nothing was there', async () => {
    const found = await list({
      0: { bytes: 4 * MIB, end: '' },
      1: { bytes: 4 * MIB, end: 'something' },
      2: { bytes: 4 * MIB },
    });
    expect(found.map(({ empty }) => empty)).toEqual([true, false, false]);
  });

  it('takes the size of a file that stands for a disk', async () => {
    expect((await list({ 0: { end: '' } })).map(({ bytes }) => bytes)).toEqual([4 * MIB]);
  });
});

it.each([
  ['S3X9NF0J', 'S3X9NF0J'],
  ['202057202d444d57', '202057202d444d57'],
  ['2020202057202d4443574d413145303132333435', 'WD-WCAME1103254'],
  ['ffffffffffffffffffffffffffffffffffffffff', 'ffffffffffffffffffffffffffffffffffffffff'],
  ['', ''],
])('the serial number %j is %j', (given, plain) => {
  expect(plainSerial(given)).toBe(plain);
});

describe('readMachine', () => {
  const disk = (number: number) => `/nowhere/${number}`;
  const machine = (...given: Parameters<typeof fakeWin32>) => readMachine({ win32: fakeWin32(...given), disk }, []);

  it('takes the most specific ID of each PCI and USB device', async () => {
    const hardwareIds = () => [
      ['PCI\\VEN_8086&DEV_1&SUBSYS_2&REV_3', 'PCI\\VEN_8086&DEV_1'],
      ['ACPI\\PNP0C0A'],
      [],
      ['USB\\VID_1&PID_2&REV_3', 'USB\\VID_1&PID_2'],
    ];
    expect((await machine({}, { hardwareIds })).deviceIds).toEqual([
      'PCI\\VEN_8086&DEV_1&SUBSYS_2&REV_3',
      'USB\\VID_1&PID_2&REV_3',
    ]);
  });

  it.each([
    ['what Windows says', 'bios', 2, 'bios'],
    ['what wpeutil has left', undefined, 2, 'uefi'],
    ['what wpeutil has left', undefined, 1, 'bios'],
    ['BIOS where nobody says', undefined, undefined, 'bios'],
  ] as const)('has for its firmware %s', async (_, type, left, firmware) => {
    const registryNumber = (_key: string, value: string) => (value === 'PEFirmwareType' ? left : undefined);
    expect((await machine({}, { firmwareType: () => type, registryNumber })).firmware).toBe(firmware);
  });

  it('knows Secure Boot and the processor from the registry', async () => {
    const values: Record<string, number> = {
      'SYSTEM\\CurrentControlSet\\Control\\SecureBoot\\State UEFISecureBootEnabled': 1,
      'HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0 ~MHz': 2904,
    };
    const found = await machine({}, { registryNumber: (key, value) => values[`${key} ${value}`] });
    expect(found).toMatchObject({ secureBoot: true, processorMegahertz: 2904 });
  });

  it('has the adapters, the TPM and the batteries that Windows knows', async () => {
    const data = Buffer.alloc(448);
    data.set([2, 0, 0, 0, 0, 1], 80);
    data.writeUInt32LE(6, 88);
    data.writeUInt32LE(6, 100);
    const found = await machine(
      {},
      {
        adapterAddresses: () => ({ data, base: 4096n }),
        tpmVersion: () => '2.0',
        batteryPercent: () => 40,
      },
    );
    expect(found).toMatchObject({
      macAddresses: ['02:00:00:00:00:01'],
      networkAdapters: [{ mac: '02:00:00:00:00:01', wired: true, connected: false }],
      tpm: { specVersion: '2.0', enabled: true, activated: true },
      batteries: [{ name: '', chargePercent: 40 }],
    });
    expect(found).not.toHaveProperty('operatingSystem');
  });

  it('has empty texts where the firmware says nothing', async () => {
    expect(await machine()).toMatchObject({ make: '', model: '', serial: '', uuid: '', secureBoot: false, disks: [] });
  });
});
