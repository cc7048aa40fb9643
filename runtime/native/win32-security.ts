import type { Koffi } from './koffi.ts';
import { bindFunctions, succeeded } from './win32-library.ts';

export type SecurityCalls = {
  /** The TPM's specification as Windows' own service knows it; undefined where there is none, or none that is reachable. */
  tpmVersion(): '1.2' | '2.0' | undefined;
  /**
   * Whether this process may change the machine, as administrators and SYSTEM may: asked of a key that is theirs to write,
   * because what counts is what is allowed, whatever kind of token it comes from.
   */
  isAdministrator(): boolean;
  /** Switches on a privilege that this process has: SeRestorePrivilege. False where it does not have it. */
  enablePrivilege(name: string): boolean;
  /** What the machine belongs to; undefined where Windows does not say, as in WinPE. */
  joined(): { kind: 'domain' | 'workgroup'; name: string } | undefined;
};

/** TPM_DEVICE_INFO and its version numbers (Microsoft: tbs.h). */
const TPM_INFO = { version: 1, bytes: 16, tpmVersionOffset: 4 };
const TPM_VERSIONS: Readonly<Record<number, '1.2' | '2.0'>> = { 1: '1.2', 2: '2.0' };
/** HKEY_LOCAL_MACHINE is a 32-bit number, extended by its sign. */
const LOCAL_MACHINE = 0x80000002 | 0;
const ADMINISTRATORS_KEY = 'SYSTEM\\CurrentControlSet\\Control';
const KEY_SET_VALUE = 2;
/** TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY; of TOKEN_PRIVILEGES with one entry: count, LUID, attributes. */
const TOKEN_ACCESS = 0x28;
const PRIVILEGE = { bytes: 16, enabled: 2, attributesOffset: 12 };
const ERROR_NOT_ALL_ASSIGNED = 1300;
/** What GetCurrentProcess gives. */
const THIS_PROCESS = -1;
/** NETSETUP_JOIN_STATUS. */
const JOINED: Readonly<Record<number, 'domain' | 'workgroup'>> = { 2: 'workgroup', 3: 'domain' };

export function securityCalls(koffi: Koffi): SecurityCalls {
  const tbs = bindFunctions(koffi, 'tbs.dll', {
    Tbsi_GetDeviceInfo: 'uint32_t __stdcall Tbsi_GetDeviceInfo(uint32_t size, _Inout_ uint8_t *info)',
  });
  const advapi = bindFunctions(koffi, 'advapi32.dll', {
    RegOpenKeyExW:
      'int __stdcall RegOpenKeyExW(intptr_t root, str16 key, uint32_t options, uint32_t access, _Out_ intptr_t *opened)',
    RegCloseKey: 'int __stdcall RegCloseKey(intptr_t key)',
    OpenProcessToken: 'int __stdcall OpenProcessToken(intptr_t process, uint32_t access, _Out_ intptr_t *token)',
    LookupPrivilegeValueW: 'int __stdcall LookupPrivilegeValueW(void *system, str16 name, _Out_ uint8_t *luid)',
    AdjustTokenPrivileges:
      'int __stdcall AdjustTokenPrivileges(intptr_t token, int disableAll, void *state, uint32_t bytes, void *previous, void *previousBytes)',
  });
  const kernel = bindFunctions(koffi, 'kernel32.dll', {
    CloseHandle: 'int __stdcall CloseHandle(intptr_t handle)',
    GetLastError: 'uint32_t __stdcall GetLastError()',
  });
  // The name's memory is not given back: a few bytes, asked for once or twice in a run.
  const network = bindFunctions(koffi, 'netapi32.dll', {
    NetGetJoinInformation:
      'uint32_t __stdcall NetGetJoinInformation(void *server, _Out_ str16 *name, _Out_ uint32_t *status)',
  });
  return {
    tpmVersion: () => {
      const info = Buffer.alloc(TPM_INFO.bytes);
      info.writeUInt32LE(TPM_INFO.version);
      if (tbs.Tbsi_GetDeviceInfo(info.length, info) !== 0) return undefined;
      return TPM_VERSIONS[info.readUInt32LE(TPM_INFO.tpmVersionOffset)];
    },
    isAdministrator: () => {
      const opened = [0];
      if (advapi.RegOpenKeyExW(LOCAL_MACHINE, ADMINISTRATORS_KEY, 0, KEY_SET_VALUE, opened) !== 0) return false;
      advapi.RegCloseKey(opened[0]);
      return true;
    },
    enablePrivilege: (name) => {
      const luid = Buffer.alloc(8);
      const token = [0];
      if (!succeeded(advapi.LookupPrivilegeValueW(null, name, luid))) return false;
      if (!succeeded(advapi.OpenProcessToken(THIS_PROCESS, TOKEN_ACCESS, token))) return false;
      const wanted = Buffer.alloc(PRIVILEGE.bytes);
      wanted.writeUInt32LE(1);
      luid.copy(wanted, 4);
      wanted.writeUInt32LE(PRIVILEGE.enabled, PRIVILEGE.attributesOffset);
      const changed = succeeded(advapi.AdjustTokenPrivileges(token[0], 0, wanted, 0, null, null));
      // It succeeds without having done anything, too.
      const done = changed && Number(kernel.GetLastError()) !== ERROR_NOT_ALL_ASSIGNED;
      kernel.CloseHandle(token[0]);
      return done;
    },
    joined: () => {
      const name: (string | null)[] = [null];
      const status = [0];
      if (network.NetGetJoinInformation(null, name, status) !== 0) return undefined;
      const kind = JOINED[status[0] ?? 0];
      return kind === undefined ? undefined : { kind, name: name[0] ?? '' };
    },
  };
}
