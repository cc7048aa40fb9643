import type { Machine } from '../../contract/machine.ts';

const MOBILE = [8, 9, 10, 11, 12, 14, 30, 31, 32];
const SERVER = [17, 23, 25, 28, 29];

/**
 * 1 desktop, 2 mobile, 4 enterprise server. Windows takes it from ACPI's power profile; the inventory has SMBIOS' chassis
 * types (System Management BIOS Reference Specification 7.4.1) and, where those are not known, whether there is a battery.
 */
export function pcSystemType({ chassisTypes, batteries, onBattery }: Machine): number | undefined {
  if (chassisTypes.some((type) => MOBILE.includes(type))) return 2;
  if (chassisTypes.some((type) => SERVER.includes(type))) return 4;
  if (chassisTypes.length > 0) return 1;
  return batteries.length > 0 || onBattery ? 2 : undefined;
}
