import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine } from '../../contract/machine.ts';
import { firmwareDate } from '../../native/smbios.ts';
import { listDisks } from './block-devices.ts';
import { ATTRIBUTE_BYTES, isUefi, variableFile } from './firmware.ts';
import { type NetworkState, readNetworkAdapters } from './network-adapters.ts';
import { isOnBattery, readBatteries } from './power.ts';
import { parseProcessors } from './processors.ts';
import { listEntries, readAttribute } from './sysfs.ts';
import { readTpm } from './tpm.ts';

export type Roots = { sys: string; proc: string; dev: string };

/** The inventory from the kernel's own tables. `mediumDisks` are the kernel's names of disks the medium lies on. */
export async function readMachine(
  { sys, proc, dev }: Roots,
  mediumDisks: readonly string[],
  network?: NetworkState,
): Promise<Machine> {
  const dmi = (name: string) => readAttribute(sys, 'class/dmi/id', name);
  const cpuinfo = await readAttribute(proc, 'cpuinfo');
  const rated = await ratedMegahertz(sys);
  const tpm = await readTpm(sys);
  return {
    make: await dmi('sys_vendor'),
    model: await dmi('product_name'),
    serial: await dmi('product_serial'),
    uuid: await dmi('product_uuid'),
    assetTag: await dmi('chassis_asset_tag'),
    architecture: process.arch === 'arm64' ? 'arm64' : 'x64',
    firmware: (await isUefi(sys)) ? 'uefi' : 'bios',
    secureBoot: await isSecureBootOn(sys),
    memoryBytes: Number(/^MemTotal:\s+(\d+) kB/m.exec(await readAttribute(proc, 'meminfo'))?.[1] ?? 0) * 1024,
    processorMegahertz: rated || fastestProcessor(cpuinfo),
    onBattery: await isOnBattery(sys),
    macAddresses: await macAddresses(sys),
    deviceIds: [...(await pciIds(sys)), ...(await usbIds(sys))],
    disks: await listDisks(sys, dev, mediumDisks),
    sku: await dmi('product_sku'),
    family: await dmi('product_family'),
    systemVersion: await dmi('product_version'),
    bios: {
      vendor: await dmi('bios_vendor'),
      version: await dmi('bios_version'),
      date: firmwareDate(await dmi('bios_date')),
    },
    baseBoard: {
      manufacturer: await dmi('board_vendor'),
      product: await dmi('board_name'),
      serial: await dmi('board_serial'),
      version: await dmi('board_version'),
    },
    chassisTypes: [Number(await dmi('chassis_type'))].filter((type) => type > 0),
    processors: parseProcessors(cpuinfo, rated),
    batteries: await readBatteries(sys),
    networkAdapters: await readNetworkAdapters({ sys, proc }, network),
    ...(tpm !== undefined && { tpm }),
  };
}

/** The value of this variable is a single byte. */
async function isSecureBootOn(sys: string): Promise<boolean> {
  const value = await readFile(variableFile(sys, 'SecureBoot')).catch(() => undefined);
  return value?.[ATTRIBUTE_BYTES] === 1;
}

/** 0 where the kernel does not drive the processor's frequency. An idle processor runs far below it. */
async function ratedMegahertz(sys: string): Promise<number> {
  return Math.round(Number(await readAttribute(sys, 'devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq')) / 1000);
}

function fastestProcessor(cpuinfo: string): number {
  return Math.round(
    Math.max(0, ...[...cpuinfo.matchAll(/^cpu MHz\s*:\s*([\d.]+)/gm)].map(([, speed]) => Number(speed))),
  );
}

async function macAddresses(sys: string): Promise<string[]> {
  const folder = join(sys, 'class/net');
  const names = (await listEntries(folder)).filter((name) => name !== 'lo');
  return (await Promise.all(names.map((name) => readAttribute(folder, name, 'address'))))
    .filter(Boolean)
    .map((address) => address.toUpperCase());
}

/** Hardware IDs as Windows forms them (Microsoft: "Identifiers for PCI devices"), the most specific of each device. */
async function pciIds(sys: string): Promise<string[]> {
  const folder = join(sys, 'bus/pci/devices');
  const ids = (await listEntries(folder)).map(async (name) => {
    const hex = async (attribute: string) =>
      (await readAttribute(folder, name, attribute)).replace(/^0x/, '').toUpperCase();
    const subsystem = `${await hex('subsystem_device')}${await hex('subsystem_vendor')}`;
    return `PCI\\VEN_${await hex('vendor')}&DEV_${await hex('device')}&SUBSYS_${subsystem}&REV_${await hex('revision')}`;
  });
  return Promise.all(ids);
}

async function usbIds(sys: string): Promise<string[]> {
  const folder = join(sys, 'bus/usb/devices');
  const ids = (await listEntries(folder)).map(async (name) => {
    const vendor = await readAttribute(folder, name, 'idVendor');
    return vendor === ''
      ? ''
      : `USB\\VID_${vendor}&PID_${await readAttribute(folder, name, 'idProduct')}`.toUpperCase();
  });
  return (await Promise.all(ids)).filter(Boolean);
}
