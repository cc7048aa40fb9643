import { guidBytes } from './guid.ts';

/** A partition the way the boot configuration finds it again: by its GUIDs (GPT), or by signature and place (MBR). */
export type BcdPartition =
  | { style: 'gpt'; disk: string; partition: string }
  | { style: 'mbr'; signature: number; offset: number };

const ELEMENT_SIZE = 88;
const RECORD_AT = 0x10;
const TYPE_BOOT = 5;
const TYPE_PARTITION = 6;
const RAMDISK = 3;
const FILE_PATH = 5;
const PARENT_AT = 0x44;
const PATH_AT = 0x8c;
const STYLE = { gpt: 0, mbr: 1 } as const;

/**
 * The device element of a partition: 88 bytes, exactly those Windows writes (linux-boot.md, section 5).
 * `offset` is in bytes from the start of the disk; GUIDs are the partition's and the disk's unique ones.
 */
export function partitionDevice(device: BcdPartition): Uint8Array {
  const element = new Uint8Array(ELEMENT_SIZE);
  const view = new DataView(element.buffer);
  view.setUint32(0x10, TYPE_PARTITION, true);
  view.setUint32(0x18, ELEMENT_SIZE - RECORD_AT, true);
  view.setUint32(0x34, STYLE[device.style], true);
  if (device.style === 'gpt') {
    element.set(guidBytes(device.partition), 0x20);
    element.set(guidBytes(device.disk), 0x38);
  } else {
    view.setBigUint64(0x20, BigInt(device.offset), true);
    view.setUint32(0x38, device.signature, true);
  }
  return element;
}

/** The device element that says: whatever this was started from. 88 bytes. */
export function bootDevice(): Uint8Array {
  const element = new Uint8Array(ELEMENT_SIZE);
  const view = new DataView(element.buffer);
  view.setUint32(0x10, TYPE_BOOT, true);
  view.setUint32(0x18, ELEMENT_SIZE - RECORD_AT, true);
  return element;
}

/**
 * The device element of a WIM file that is loaded into memory: `ramdisk=[parent]\path,{options}` as bcdedit prints it.
 * `parent` is an element of 88 bytes, `path` has backslashes and one in front (linux-boot.md, section 5).
 */
export function ramdiskDevice(parent: Uint8Array, path: string, options: string): Uint8Array {
  const name = Buffer.from(`${path}\0`, 'utf16le');
  const element = new Uint8Array(PATH_AT + name.length);
  const view = new DataView(element.buffer);
  element.set(guidBytes(options));
  view.setUint32(0x14, 1, true);
  view.setUint32(0x18, element.length - RECORD_AT, true);
  view.setUint32(0x20, RAMDISK, true);
  view.setUint32(0x38, 1, true);
  view.setUint32(0x3c, element.length - 0x38, true);
  view.setUint32(0x40, FILE_PATH, true);
  element.set(parent.subarray(RECORD_AT), PARENT_AT);
  element.set(name, PATH_AT);
  return element;
}
