import { cpus } from 'node:os';
import type { Machine } from '../../contract/machine.ts';
import type { Smbios } from '../../native/smbios.ts';
import type { Win32 } from '../../native/win32.ts';
import { registryText } from './registry.ts';

const PROCESSOR = 'HKEY_LOCAL_MACHINE\\HARDWARE\\DESCRIPTION\\System\\CentralProcessor\\0';

/**
 * The processors of SMBIOS under the names Windows has for them, `GenuineIntel`: a board has one kind. One processor, of
 * what Windows alone knows, where SMBIOS has none.
 */
export function processorsOf(win32: Win32, { processors }: Smbios, megahertz: number): Machine['processors'] {
  const name = registryText(win32, PROCESSOR, 'ProcessorNameString').trim();
  const manufacturer = registryText(win32, PROCESSOR, 'VendorIdentifier').trim();
  const threads = cpus().length;
  const known =
    processors.length > 0 ? processors : [{ name, manufacturer, cores: 0, logicalProcessors: 0, megahertz }];
  return known.map((processor) => ({
    name: name || processor.name,
    manufacturer: manufacturer || processor.manufacturer,
    cores: processor.cores,
    logicalProcessors: processor.logicalProcessors || Math.floor(threads / known.length),
    megahertz: megahertz || processor.megahertz,
  }));
}

/** Each battery SMBIOS names, or one without a name; the charge is of all together. None where Windows sees none. */
export function batteriesOf(win32: Win32, { batteryNames }: Smbios): Machine['batteries'] {
  const chargePercent = win32.batteryPercent();
  if (chargePercent === undefined) return [];
  return (batteryNames.length > 0 ? batteryNames : ['']).map((name) => ({ name, chargePercent }));
}

/**
 * A TPM 2.0 that Windows reaches is on: there is no half of it. Of an older one its service does not say whether it is
 * enabled, so that it counts as not: the safer answer to a condition that asks for one.
 */
export function tpmOf(win32: Win32): Machine['tpm'] {
  const specVersion = win32.tpmVersion();
  if (specVersion === undefined) return undefined;
  const on = specVersion === '2.0';
  return { specVersion, enabled: on, activated: on };
}
