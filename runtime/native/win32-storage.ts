import type { Koffi } from './koffi.ts';
import { bindFunctions, succeeded } from './win32-library.ts';

/** Windows' DRIVE_* values, by number. */
const DRIVE_TYPES = ['unknown', 'none', 'removable', 'fixed', 'remote', 'cdrom', 'ramdisk'] as const;
export type DriveType = (typeof DRIVE_TYPES)[number];

/** `error` is Windows' own number, for a control code that was refused. */
export type ControlResult = { data: Buffer } | { error: number };

export type StorageCalls = {
  /** The letters that have a drive now, in order. */
  driveLetters(): string[];
  driveType(letter: string): DriveType;
  /** Empty for a volume without one; undefined where there is no volume that can be read. */
  volumeLabel(letter: string): string | undefined;
  /**
   * Asks a device that is opened without any right to read or write: \\.\PhysicalDrive0, \\.\C:. Undefined where there is
   * no such device.
   */
  control(device: string, code: number, input: Buffer, outputBytes: number): ControlResult | undefined;
  /** Makes a plain folder or file of one that a driver of Windows would have opened as something else. */
  removeReparsePoint(path: string): boolean;
};

/** MAX_PATH + 1, as Microsoft asks for. */
const LONGEST_LABEL = 261;
const SHARE_READ_WRITE = 3;
const OPEN_EXISTING = 3;
const INVALID_HANDLE = -1;
/** FSCTL_GET_REPARSE_POINT and FSCTL_DELETE_REPARSE_POINT; a reparse point is at most so long (Microsoft: winioctl.h). */
const REPARSE = { get: 0x000900a8, remove: 0x000900ac, bytes: 16 * 1024, headerBytes: 8, foreignHeaderBytes: 24 };
/** The tag's highest bit: it is Microsoft's, and no GUID follows it. */
const MICROSOFT_TAG = 0x80000000;
const GENERIC_WRITE = 0x40000000;
/** FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT. */
const AS_IT_LIES = 0x02200000;
const SHARE_ALL = 7;

export function storageCalls(koffi: Koffi): StorageCalls {
  const kernel = bindFunctions(koffi, 'kernel32.dll', {
    GetLogicalDrives: 'uint32_t __stdcall GetLogicalDrives()',
    GetDriveTypeW: 'uint32_t __stdcall GetDriveTypeW(str16 root)',
    GetVolumeInformationW:
      'int __stdcall GetVolumeInformationW(str16 root, _Out_ uint8_t *name, uint32_t nameLength, void *serial, void *longest, void *flags, void *fileSystem, uint32_t fileSystemLength)',
    CreateFileW:
      'intptr_t __stdcall CreateFileW(str16 name, uint32_t access, uint32_t share, void *security, uint32_t disposition, uint32_t flags, intptr_t template)',
    DeviceIoControl:
      'int __stdcall DeviceIoControl(intptr_t device, uint32_t code, void *input, uint32_t inputBytes, _Out_ uint8_t *output, uint32_t outputBytes, _Out_ uint32_t *returned, void *overlapped)',
    CloseHandle: 'int __stdcall CloseHandle(intptr_t handle)',
    GetLastError: 'uint32_t __stdcall GetLastError()',
  });
  return {
    driveLetters: () => lettersOf(Number(kernel.GetLogicalDrives() ?? 0)),
    driveType: (letter) => DRIVE_TYPES[Number(kernel.GetDriveTypeW(`${letter}:\\`) ?? 0)] ?? 'unknown',
    volumeLabel: (letter) => {
      const name = Buffer.alloc(2 * LONGEST_LABEL);
      const known = kernel.GetVolumeInformationW(`${letter}:\\`, name, LONGEST_LABEL, null, null, null, null, 0);
      return succeeded(known) ? name.toString('utf16le').replace(/\0.*$/s, '') : undefined;
    },
    control: (device, code, input, outputBytes) => {
      const handle = Number(kernel.CreateFileW(device, 0, SHARE_READ_WRITE, null, OPEN_EXISTING, 0, 0));
      if (!isHandle(handle)) return undefined;
      try {
        return ask(handle, code, input, outputBytes);
      } finally {
        kernel.CloseHandle(handle);
      }
    },
    removeReparsePoint: (path) => {
      const handle = Number(kernel.CreateFileW(path, GENERIC_WRITE, SHARE_ALL, null, OPEN_EXISTING, AS_IT_LIES, 0));
      if (!isHandle(handle)) return false;
      try {
        const answer = ask(handle, REPARSE.get, Buffer.alloc(0), REPARSE.bytes);
        if (!('data' in answer)) return false;
        return 'data' in ask(handle, REPARSE.remove, reparseHeader(answer.data), 0);
      } finally {
        kernel.CloseHandle(handle);
      }
    },
  };

  function ask(handle: number, code: number, input: Buffer, outputBytes: number): ControlResult {
    const output = Buffer.alloc(outputBytes);
    const returned = [0];
    const ok = kernel.DeviceIoControl(handle, code, input, input.length, output, output.length, returned, null);
    return succeeded(ok) ? { data: output.subarray(0, returned[0]) } : { error: Number(kernel.GetLastError()) };
  }
}

function isHandle(handle: number): boolean {
  return Number.isSafeInteger(handle) && handle !== INVALID_HANDLE;
}

/** What names a reparse point that is to go: its tag, with a GUID behind it where it is not Microsoft's, and no data. Pure. */
export function reparseHeader(point: Buffer): Buffer {
  const isMicrosoft = (point.readUInt32LE(0) & MICROSOFT_TAG) !== 0;
  const header = Buffer.from(point.subarray(0, isMicrosoft ? REPARSE.headerBytes : REPARSE.foreignHeaderBytes));
  header.writeUInt32LE(0, 4);
  return header;
}

/** The letters of a bit mask, A for the lowest bit. Pure. */
export function lettersOf(mask: number): string[] {
  return Array.from({ length: 26 }, (_, bit) => bit)
    .filter((bit) => (mask & (1 << bit)) !== 0)
    .map((bit) => String.fromCharCode('A'.charCodeAt(0) + bit));
}
