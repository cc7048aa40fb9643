import { guidBytes } from './guid.ts';

/** A partition the way the boot configuration finds it again: by its GUIDs (GPT), or by signature and place (MBR). */
export type BcdPartition =
  | { style: 'gpt'; disk: string; partition: string }
  | { style: 'mbr'; signature: number; offset: number };

const ELEMENT_SIZE = 88;
const RECORD_AT = 0x10;
const TYPE_PARTITION = 6;
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
