import type { FirmwareCalls } from '../../native/win32-firmware.ts';

/** UEFI's own variables (UEFI specification: "Globally Defined Variables"). */
const GLOBAL = '{8be4df61-93ca-11d2-aa0d-00e098032b8c}';

/**
 * Has UEFI firmware start what it has started this time once more, whatever comes first in its order. False where it
 * cannot be told: BIOS, and firmware that does not say what it has started.
 */
export function startTheSameNext(win32: FirmwareCalls): boolean {
  const current = win32.firmwareVariable('BootCurrent', GLOBAL);
  return current !== undefined && win32.setFirmwareVariable('BootNext', GLOBAL, current.subarray(0, 2));
}
