import { closeSync, openSync, readSync } from 'node:fs';
import { guidText } from '../../hive/guid.ts';
import type { DriveLayout } from '../../native/win32-structs.ts';

/** Of an image file: disks of another size answer control codes. */
const SECTOR = 512;
const GPT = { magic: 'EFI PART', guid: 56, entries: 72, count: 80, entryBytes: 84 } as const;
const MOST_ENTRIES = 128;
const MBR = { signature: 440, entries: 446, entryBytes: 16, count: 4, mark: 510 } as const;
const PROTECTIVE = 0xee;
const NO_TYPE = /^[0-]+$/;

/** The table on an image file that stands for a disk, as in Wine; undefined where there is none with a partition in it. */
export function layoutOfImage(device: string): DriveLayout | undefined {
  const start = readStart(device);
  if (start === undefined || start.readUInt16LE(MBR.mark) !== 0xaa55) return undefined;
  const layout =
    start.toString('latin1', SECTOR, SECTOR + GPT.magic.length) === GPT.magic ? gptOf(start) : mbrOf(start);
  return layout.partitions.length === 0 ? undefined : layout;
}

function readStart(device: string): Buffer | undefined {
  const start = Buffer.alloc(2 * SECTOR + MOST_ENTRIES * 128);
  try {
    const file = openSync(device, 'r');
    try {
      return readSync(file, start, 0, start.length, 0) === start.length ? start : undefined;
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function gptOf(start: Buffer): DriveLayout {
  const header = start.subarray(SECTOR, 2 * SECTOR);
  const entryBytes = header.readUInt32LE(GPT.entryBytes);
  const entriesAt = Number(header.readBigUInt64LE(GPT.entries)) * SECTOR;
  const count = Math.min(header.readUInt32LE(GPT.count), Math.floor((start.length - entriesAt) / entryBytes));
  const partitions = Array.from({ length: count }, (_, index) => {
    const entry = start.subarray(entriesAt + index * entryBytes);
    const first = Number(entry.readBigUInt64LE(32));
    const sectors = Number(entry.readBigUInt64LE(40)) - first + 1;
    const names = { type: guidText(entry.subarray(0, 16)), guid: guidText(entry.subarray(16, 32)) };
    return { number: index + 1, startBytes: first * SECTOR, bytes: sectors * SECTOR, ...names };
  }).filter(({ type }) => !NO_TYPE.test(type));
  return { style: 'gpt', identity: guidText(header.subarray(GPT.guid, GPT.guid + 16)), partitions };
}

function mbrOf(start: Buffer): DriveLayout {
  const entries = Array.from({ length: MBR.count }, (_, index) => {
    const at = MBR.entries + index * MBR.entryBytes;
    const place = { startBytes: start.readUInt32LE(at + 8) * SECTOR, bytes: start.readUInt32LE(at + 12) * SECTOR };
    return { number: index + 1, type: start.readUInt8(at + 4), ...place };
  });
  const partitions = entries.some(({ type }) => type === PROTECTIVE) ? [] : entries.filter(({ bytes }) => bytes > 0);
  return {
    style: 'mbr',
    identity: start.readUInt32LE(MBR.signature).toString(16).padStart(8, '0'),
    partitions: partitions.map(({ type: _, ...place }) => place),
  };
}
