import { bracedGuid, guidText } from '../../../runtime/hive/guid.ts';

/** Where an entry of a boot store finds what it starts. */
export type BootStoreDevice =
  | { type: 'boot' }
  | { type: 'partition' }
  /** A WIM loaded into memory. `path` has backslashes; `options` is the object that names the SDI file. */
  | { type: 'ramdisk'; parent: BootStoreDevice; path: string; options: string }
  | { type: 'other' };

const RECORD_AT = 0x10;
const TYPE_LOCAL = 0;
const TYPE_BOOT = 5;
const TYPES_PARTITION = [2, 6];
const LOCAL_RAMDISK = 3;
const FILE_PATH = 5;
const FILE_PATH_AT = 0x38;
const PARENT_AT = 0x44;
const PATH_AT = 0x8c;

/** Decodes a device element (linux-boot.md, section 5). What is too short or of another kind is `other`. */
export function decodeDevice(element: Uint8Array): BootStoreDevice {
  return element.length < RECORD_AT ? { type: 'other' } : decodeRecord(element, RECORD_AT);
}

function decodeRecord(element: Uint8Array, at: number): BootStoreDevice {
  const view = new DataView(element.buffer, element.byteOffset, element.byteLength);
  if (at + 4 > element.length) return { type: 'other' };
  const type = view.getUint32(at, true);
  if (type === TYPE_BOOT) return { type: 'boot' };
  if (TYPES_PARTITION.includes(type)) return { type: 'partition' };
  const isRamdisk =
    at === RECORD_AT &&
    element.length > PATH_AT &&
    type === TYPE_LOCAL &&
    view.getUint32(0x20, true) === LOCAL_RAMDISK &&
    view.getUint32(FILE_PATH_AT + 8, true) === FILE_PATH;
  if (!isRamdisk) return { type: 'other' };
  return {
    type: 'ramdisk',
    parent: decodeRecord(element, PARENT_AT),
    path: Buffer.from(element.subarray(PATH_AT)).toString('utf16le').split('\0')[0] ?? '',
    options: bracedGuid(guidText(element.subarray(0, 16))),
  };
}
