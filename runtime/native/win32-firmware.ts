import type { Koffi } from './koffi.ts';
import { bindFunctions, succeeded } from './win32-library.ts';

export type FirmwareCalls = {
  /** RawSMBIOSData as Windows gives it; empty where there is none. */
  smbios(): Buffer;
  firmwareType(): 'bios' | 'uefi' | undefined;
  /** The value of a UEFI variable, `guid` in braces; undefined where there is none or it may not be read. */
  firmwareVariable(name: string, guid: string): Buffer | undefined;
  /** Writes a UEFI variable that stays when the power goes. False where it cannot be written. */
  setFirmwareVariable(name: string, guid: string, value: Uint8Array): boolean;
};

/** 'RSMB' as the number that names this provider of firmware tables. */
const RSMB = 0x52534d42;
/** FIRMWARE_TYPE. */
const TYPES: Readonly<Record<number, 'bios' | 'uefi'>> = { 1: 'bios', 2: 'uefi' };
const VARIABLE_BYTES = 1024 ** 2;
const TOKEN_RIGHTS = 0x28;
const PRIVILEGE_ENABLED = 2;
const PRIVILEGE = 'SeSystemEnvironmentPrivilege';

export function firmwareCalls(koffi: Koffi): FirmwareCalls {
  const kernel = bindFunctions(koffi, 'kernel32.dll', {
    GetSystemFirmwareTable:
      'uint32_t __stdcall GetSystemFirmwareTable(uint32_t provider, uint32_t table, _Out_ uint8_t *buffer, uint32_t size)',
    GetFirmwareType: 'int __stdcall GetFirmwareType(_Out_ uint32_t *type)',
    GetFirmwareEnvironmentVariableW:
      'uint32_t __stdcall GetFirmwareEnvironmentVariableW(str16 name, str16 guid, _Out_ uint8_t *value, uint32_t size)',
    SetFirmwareEnvironmentVariableW:
      'int __stdcall SetFirmwareEnvironmentVariableW(str16 name, str16 guid, uint8_t *value, uint32_t size)',
    GetCurrentProcess: 'intptr_t __stdcall GetCurrentProcess()',
    CloseHandle: 'int __stdcall CloseHandle(intptr_t handle)',
  });
  const advapi = bindFunctions(koffi, 'advapi32.dll', {
    OpenProcessToken: 'int __stdcall OpenProcessToken(intptr_t process, uint32_t access, _Out_ intptr_t *token)',
    LookupPrivilegeValueW: 'int __stdcall LookupPrivilegeValueW(void *system, str16 name, _Out_ uint8_t *luid)',
    AdjustTokenPrivileges:
      'int __stdcall AdjustTokenPrivileges(intptr_t token, int disableAll, uint8_t *state, uint32_t bytes, void *previous, void *returned)',
  });

  /** UEFI variables may be read and written only by who has switched this privilege on. */
  function enablePrivilege(): void {
    const token = [0];
    if (!succeeded(advapi.OpenProcessToken(kernel.GetCurrentProcess(), TOKEN_RIGHTS, token))) return;
    // TOKEN_PRIVILEGES with one entry: the count, the LUID, the attributes.
    const state = Buffer.alloc(16);
    state.writeUInt32LE(1, 0);
    if (succeeded(advapi.LookupPrivilegeValueW(null, PRIVILEGE, state.subarray(4, 12)))) {
      state.writeUInt32LE(PRIVILEGE_ENABLED, 12);
      advapi.AdjustTokenPrivileges(token[0], 0, state, 0, null, null);
    }
    kernel.CloseHandle(token[0]);
  }

  return {
    smbios: () => {
      const size = Number(kernel.GetSystemFirmwareTable(RSMB, 0, null, 0) ?? 0);
      const table = Buffer.alloc(size);
      const bytes = size === 0 ? 0 : Number(kernel.GetSystemFirmwareTable(RSMB, 0, table, size));
      return table.subarray(0, Math.min(bytes, size));
    },
    firmwareType: () => {
      const type = [0];
      return succeeded(kernel.GetFirmwareType(type)) ? TYPES[type[0] ?? 0] : undefined;
    },
    firmwareVariable: (name, guid) => {
      enablePrivilege();
      const value = Buffer.alloc(VARIABLE_BYTES);
      const bytes = Number(kernel.GetFirmwareEnvironmentVariableW(name, guid, value, value.length) ?? 0);
      return bytes === 0 ? undefined : value.subarray(0, bytes);
    },
    setFirmwareVariable: (name, guid, value) => {
      enablePrivilege();
      return succeeded(kernel.SetFirmwareEnvironmentVariableW(name, guid, value, value.length));
    },
  };
}
