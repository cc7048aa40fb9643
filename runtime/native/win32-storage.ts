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
};

/** MAX_PATH + 1, as Microsoft asks for. */
const LONGEST_LABEL = 261;
const SHARE_READ_WRITE = 3;
const OPEN_EXISTING = 3;
const INVALID_HANDLE = -1;

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
      if (!Number.isSafeInteger(handle) || handle === INVALID_HANDLE) return undefined;
      try {
        const output = Buffer.alloc(outputBytes);
        const returned = [0];
        const ok = kernel.DeviceIoControl(handle, code, input, input.length, output, output.length, returned, null);
        if (succeeded(ok)) return { data: output.subarray(0, returned[0]) };
        return { error: Number(kernel.GetLastError()) };
      } finally {
        kernel.CloseHandle(handle);
      }
    },
  };
}

/** The letters of a bit mask, A for the lowest bit. Pure. */
export function lettersOf(mask: number): string[] {
  return Array.from({ length: 26 }, (_, bit) => bit)
    .filter((bit) => (mask & (1 << bit)) !== 0)
    .map((bit) => String.fromCharCode('A'.charCodeAt(0) + bit));
}
