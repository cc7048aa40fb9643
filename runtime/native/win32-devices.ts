import type { Koffi } from './koffi.ts';
import { bindFunctions, multiText, succeeded } from './win32-library.ts';

export type DeviceCalls = {
  /** The hardware IDs of every device that is present, the most specific first. */
  hardwareIds(): string[][];
};

const ALL_CLASSES_PRESENT = 6;
const HARDWARE_ID = 1;
/** SP_DEVINFO_DATA of a 64-bit process. */
const DEVICE_INFO_BYTES = 32;
const IDS_BYTES = 16 * 1024;
const INVALID_HANDLE = -1;
/** No machine has as many devices; a list that does not end must not hold up a deployment. */
const MOST_DEVICES = 10_000;

export function deviceCalls(koffi: Koffi): DeviceCalls {
  const setup = bindFunctions(koffi, 'setupapi.dll', {
    SetupDiGetClassDevsW:
      'intptr_t __stdcall SetupDiGetClassDevsW(void *class, void *enumerator, intptr_t parent, uint32_t flags)',
    SetupDiEnumDeviceInfo: 'int __stdcall SetupDiEnumDeviceInfo(intptr_t set, uint32_t index, _Inout_ uint8_t *device)',
    SetupDiGetDeviceRegistryPropertyW:
      'int __stdcall SetupDiGetDeviceRegistryPropertyW(intptr_t set, uint8_t *device, uint32_t property, void *type, _Out_ uint8_t *data, uint32_t bytes, _Out_ uint32_t *needed)',
    SetupDiDestroyDeviceInfoList: 'int __stdcall SetupDiDestroyDeviceInfoList(intptr_t set)',
  });
  return {
    hardwareIds: () => {
      const set = Number(setup.SetupDiGetClassDevsW(null, null, 0, ALL_CLASSES_PRESENT) ?? INVALID_HANDLE);
      if (set === INVALID_HANDLE) return [];
      const found: string[][] = [];
      for (let index = 0; index < MOST_DEVICES; index++) {
        const device = Buffer.alloc(DEVICE_INFO_BYTES);
        device.writeUInt32LE(DEVICE_INFO_BYTES);
        if (!succeeded(setup.SetupDiEnumDeviceInfo(set, index, device))) break;
        const ids = Buffer.alloc(IDS_BYTES);
        const needed = [0];
        const property = [set, device, HARDWARE_ID, null, ids, ids.length, needed];
        if (succeeded(setup.SetupDiGetDeviceRegistryPropertyW(...property))) {
          found.push(multiText(ids.subarray(0, needed[0])));
        }
      }
      setup.SetupDiDestroyDeviceInfoList(set);
      return found;
    },
  };
}
