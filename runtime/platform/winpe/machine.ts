import { networkInterfaces } from 'node:os';
import type { Machine } from '../../contract/machine.ts';
import { decodeAdapters } from '../../native/adapter-addresses.ts';
import { parseSmbios } from '../../native/smbios.ts';
import type { Win32 } from '../../native/win32.ts';
import { batteriesOf, processorsOf, tpmOf } from '../win32/hardware.ts';
import { listDisks } from './disks.ts';
import type { WinpeHost } from './host.ts';

const CONTROL = 'SYSTEM\\CurrentControlSet\\Control';
const PROCESSOR = 'HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0';
/** What wpeutil UpdateBootInfo leaves in PEFirmwareType for UEFI. */
const PE_FIRMWARE_UEFI = 2;

/**
 * The inventory from Windows' own tables, in WinPE and in a full Windows; the latter adds its operating system.
 * `mediumDisks` are what opens the disks the medium lies on.
 */
export async function readMachine(
  host: Pick<WinpeHost, 'win32' | 'disk'>,
  mediumDisks: readonly string[],
): Promise<Machine> {
  const { win32 } = host;
  const smbios = parseSmbios(win32.smbios());
  const { processors: _, batteryNames: __, ...texts } = smbios;
  const processorMegahertz = win32.registryNumber(PROCESSOR, '~MHz') ?? smbios.processors[0]?.megahertz ?? 0;
  const networkAdapters = decodeAdapters(win32.adapterAddresses());
  const tpm = tpmOf(win32);
  return {
    ...texts,
    architecture: process.arch === 'arm64' ? 'arm64' : 'x64',
    firmware: firmwareOf(win32),
    secureBoot: win32.registryNumber(`${CONTROL}\\SecureBoot\\State`, 'UEFISecureBootEnabled') === 1,
    memoryBytes: win32.memoryBytes(),
    processorMegahertz,
    onBattery: win32.onBattery(),
    macAddresses: macAddresses(networkAdapters),
    deviceIds: win32
      .hardwareIds()
      .flatMap(([first]) => (first !== undefined && /^(PCI|USB)\\/i.test(first) ? [first] : [])),
    disks: await listDisks(host, mediumDisks),
    processors: processorsOf(win32, smbios, processorMegahertz),
    batteries: batteriesOf(win32, smbios),
    networkAdapters,
    ...(tpm !== undefined && { tpm }),
  };
}

function firmwareOf(win32: Win32): Machine['firmware'] {
  const known = win32.firmwareType();
  if (known !== undefined) return known;
  return win32.registryNumber(CONTROL, 'PEFirmwareType') === PE_FIRMWARE_UEFI ? 'uefi' : 'bios';
}

/** Of every adapter, also of one without a link; as Node has them where Windows does not list its adapters. */
function macAddresses(adapters: Machine['networkAdapters']): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((entries) => entries ?? [])
    .filter(({ internal }) => !internal)
    .map(({ mac }) => mac.toUpperCase());
  return [...new Set(adapters.length > 0 ? adapters.map(({ mac }) => mac) : addresses)];
}
