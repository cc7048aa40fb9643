import { MediasmithError } from '../contract/errors.ts';
import { loadKoffi } from './koffi.ts';
import { type ConsoleCalls, consoleCalls } from './win32-console.ts';
import { type DeviceCalls, deviceCalls } from './win32-devices.ts';
import { type FirmwareCalls, firmwareCalls } from './win32-firmware.ts';
import { type NetworkCalls, networkCalls } from './win32-network.ts';
import { type RegistryCalls, registryCalls } from './win32-registry.ts';
import { type SecurityCalls, securityCalls } from './win32-security.ts';
import { type StorageCalls, storageCalls } from './win32-storage.ts';
import { type SystemCalls, systemCalls } from './win32-system.ts';

/**
 * What the runtime asks of Windows itself: no WMI and no PowerShell, which a WinPE need not have. Every call is harmless
 * where it cannot be answered: it says undefined, false or nothing, and never throws.
 */
export type Win32 = StorageCalls &
  FirmwareCalls &
  DeviceCalls &
  SystemCalls &
  ConsoleCalls &
  RegistryCalls &
  NetworkCalls &
  SecurityCalls;

let calls: Promise<Win32> | undefined;

/** The calls, bound at the first use and never before. Throws `TOOL_MISSING` on any system but Windows. */
export function loadWin32(): Promise<Win32> {
  calls ??= bind();
  return calls;
}

async function bind(): Promise<Win32> {
  if (process.platform !== 'win32') {
    throw new MediasmithError('TOOL_MISSING', `${process.platform} has no Windows calls`, {
      hint: 'Run this in WinPE or in Windows.',
    });
  }
  const koffi = await loadKoffi();
  return {
    ...storageCalls(koffi),
    ...firmwareCalls(koffi),
    ...deviceCalls(koffi),
    ...systemCalls(koffi),
    ...consoleCalls(koffi),
    ...registryCalls(koffi),
    ...networkCalls(koffi),
    ...securityCalls(koffi),
  };
}
