import type { Koffi } from './koffi.ts';
import { bindFunctions, succeeded } from './win32-library.ts';

export type SystemCalls = {
  /** Physical memory, in bytes; 0 where it is not known. */
  memoryBytes(): number;
  /** Whether the machine draws from its battery now. */
  onBattery(): boolean;
  /** What all batteries together hold, in percent; undefined without one. */
  batteryPercent(): number | undefined;
  /** A REG_DWORD below HKEY_LOCAL_MACHINE. */
  registryNumber(key: string, value: string): number | undefined;
  /** Has a file or an empty folder removed when Windows starts next: for what is in use. False where it cannot. */
  deleteAtRestart(path: string): boolean;
  /** Whether a DLL is loaded in this process. */
  hasModule(name: string): boolean;
};

/** HKEY_LOCAL_MACHINE is a 32-bit number, extended by its sign. */
const LOCAL_MACHINE = 0x80000002 | 0;
const REG_DWORD_ONLY = 0x10;
const DELAY_UNTIL_RESTART = 4;
const MEMORY_STATUS = { bytes: 64, totalOffset: 8 };

export function systemCalls(koffi: Koffi): SystemCalls {
  const kernel = bindFunctions(koffi, 'kernel32.dll', {
    GlobalMemoryStatusEx: 'int __stdcall GlobalMemoryStatusEx(_Inout_ uint8_t *status)',
    GetSystemPowerStatus: 'int __stdcall GetSystemPowerStatus(_Out_ uint8_t *status)',
    MoveFileExW: 'int __stdcall MoveFileExW(str16 from, void *to, uint32_t flags)',
    GetModuleHandleW: 'intptr_t __stdcall GetModuleHandleW(str16 name)',
  });
  const advapi = bindFunctions(koffi, 'advapi32.dll', {
    RegGetValueW:
      'int __stdcall RegGetValueW(intptr_t root, str16 key, str16 value, uint32_t flags, void *type, _Out_ uint32_t *data, _Inout_ uint32_t *bytes)',
  });
  return {
    memoryBytes: () => {
      const status = Buffer.alloc(MEMORY_STATUS.bytes);
      status.writeUInt32LE(status.length);
      kernel.GlobalMemoryStatusEx(status);
      return Number(status.readBigUInt64LE(MEMORY_STATUS.totalOffset));
    },
    onBattery: () => {
      const status = Buffer.alloc(12);
      return succeeded(kernel.GetSystemPowerStatus(status)) && drawsFromBattery(status);
    },
    batteryPercent: () => {
      const status = Buffer.alloc(12);
      return succeeded(kernel.GetSystemPowerStatus(status)) ? chargeOf(status) : undefined;
    },
    registryNumber: (key, value) => {
      const data = [0];
      const bytes = [4];
      return advapi.RegGetValueW(LOCAL_MACHINE, key, value, REG_DWORD_ONLY, null, data, bytes) === 0
        ? data[0]
        : undefined;
    },
    deleteAtRestart: (path) => succeeded(kernel.MoveFileExW(path, null, DELAY_UNTIL_RESTART)),
    hasModule: (name) => Number(kernel.GetModuleHandleW(name) ?? 0) !== 0,
  };
}

/** SYSTEM_POWER_STATUS: the line's state, then the battery's flags, in which 128 means that there is none. */
export function drawsFromBattery(status: Uint8Array): boolean {
  const [line = 255, flags = 255] = status;
  return line === 0 && (flags & 128) === 0;
}

/** The same, and the charge: 255 where it is not known, which counts as nothing left. Undefined without a battery. */
export function chargeOf(status: Uint8Array): number | undefined {
  const [, flags = 255, percent = 255] = status;
  if ((flags & 128) !== 0) return undefined;
  return percent > 100 ? 0 : percent;
}
