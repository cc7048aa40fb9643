import { networkInterfaces } from 'node:os';
import type { Machine } from '../../contract/machine.ts';
import { parseSmbios } from '../../native/smbios.ts';
import type { Win32 } from '../../native/win32.ts';
import { listDisks } from './disks.ts';
import type { WinpeHost } from './host.ts';

const CONTROL = 'SYSTEM\\CurrentControlSet\\Control';
const PROCESSOR = 'HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0';
/** What wpeutil UpdateBootInfo leaves in PEFirmwareType for UEFI. */
const PE_FIRMWARE_UEFI = 2;

/** The inventory from Windows' own tables. `mediumDisk` is what opens the disk the medium lies on; empty for none. */
export async function readMachine(host: Pick<WinpeHost, 'win32' | 'disk'>, mediumDisk: string): Promise<Machine> {
  const { win32 } = host;
  const { make, model, serial, uuid, assetTag, processorMegahertz } = parseSmbios(win32.smbios());
  return {
    make,
    model,
    serial,
    uuid,
    assetTag,
    architecture: process.arch === 'arm64' ? 'arm64' : 'x64',
    firmware: firmwareOf(win32),
    secureBoot: win32.registryNumber(`${CONTROL}\\SecureBoot\\State`, 'UEFISecureBootEnabled') === 1,
    memoryBytes: win32.memoryBytes(),
    processorMegahertz: win32.registryNumber(PROCESSOR, '~MHz') ?? processorMegahertz,
    onBattery: win32.onBattery(),
    macAddresses: macAddresses(),
    deviceIds: win32
      .hardwareIds()
      .flatMap(([first]) => (first !== undefined && /^(PCI|USB)\\/i.test(first) ? [first] : [])),
    disks: await listDisks(host, mediumDisk),
  };
}

function firmwareOf(win32: Win32): Machine['firmware'] {
  const known = win32.firmwareType();
  if (known !== undefined) return known;
  return win32.registryNumber(CONTROL, 'PEFirmwareType') === PE_FIRMWARE_UEFI ? 'uefi' : 'bios';
}

function macAddresses(): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter(({ internal }) => !internal)
    .map(({ mac }) => mac.toUpperCase());
  return [...new Set(addresses)];
}
