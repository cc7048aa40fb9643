import { closeSync, openSync, readSync } from 'node:fs';
import { guidText } from '../../hive/guid.ts';
import type { DriveLayout } from '../../native/win32-structs.ts';
import { EXTENDED_TYPES } from '../partition-table.ts';

/** Of an image file: disks of another size answer control codes. */
const SECTOR = 512;
const GPT = { magic: 'EFI PART', guid: 56, entries: 72, count: 80, entryBytes: 84 } as const;
const MOST_ENTRIES = 128;
const MBR = { signature: 440, entries: 446, entryBytes: 16, count: 4, mark: 510 } as const;
const PROTECTIVE = 0xee;
const NO_TYPE = /^[0-]+$/;
/** Of a chain of logical partitions: more of them, or a ring, are no table. */
const MOST_LOGICAL = 128;

/** The table on an image file that stands for a disk, as in Wine; undefined where there is none with a partition in it. */
export function layoutOfImage(device: string): DriveLayout | undefined {
  const start = readFrom(device, 0, 2 * SECTOR + MOST_ENTRIES * 128);
  if (start === undefined || start.readUInt16LE(MBR.mark) !== 0xaa55) return undefined;
  const layout =
    start.toString('latin1', SECTOR, SECTOR + GPT.magic.length) === GPT.magic ? gptOf(start) : mbrOf(start, device);
  return layout.partitions.length === 0 ? undefined : layout;
}

function readFrom(device: string, offset: number, bytes: number): Buffer | undefined {
  const data = Buffer.alloc(bytes);
  try {
    const file = openSync(device, 'r');
    try {
      return readSync(file, data, 0, bytes, offset) === bytes ? data : undefined;
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

type MbrEntry = { number: number; type: number; startBytes: number; bytes: number };

/** As Windows numbers them: the extended partition has no number, and logical ones come last. */
function mbrOf(start: Buffer, device: string): DriveLayout {
  const entries = entriesOf(start);
  const isExtended = ({ type }: MbrEntry): boolean => EXTENDED_TYPES.includes(type);
  const extended = entries.find(isExtended);
  const primary = entries
    .filter((entry) => entry.bytes > 0 && !isExtended(entry))
    .map((entry) => (extended && extended.number < entry.number ? { ...entry, number: entry.number - 1 } : entry));
  const last = Math.max(0, ...primary.map(({ number }) => number));
  const logical = extended === undefined ? [] : logicalOf(device, extended.startBytes);
  const all = [...primary, ...logical.map((entry, index) => ({ ...entry, number: last + 1 + index }))];
  return {
    style: 'mbr',
    identity: start.readUInt32LE(MBR.signature).toString(16).padStart(8, '0'),
    partitions: entries.some(({ type }) => type === PROTECTIVE) ? [] : all.map(({ type: _, ...place }) => place),
  };
}

function entriesOf(sector: Buffer): MbrEntry[] {
  return Array.from({ length: MBR.count }, (_, index) => {
    const at = MBR.entries + index * MBR.entryBytes;
    const place = { startBytes: sector.readUInt32LE(at + 8) * SECTOR, bytes: sector.readUInt32LE(at + 12) * SECTOR };
    return { number: index + 1, type: sector.readUInt8(at + 4), ...place };
  });
}

/** Each has a record before it, which names the next one: a partition from the record on, a record from the first one on. */
function logicalOf(device: string, first: number): MbrEntry[] {
  const found: MbrEntry[] = [];
  let record = first;
  while (found.length < MOST_LOGICAL) {
    const sector = readFrom(device, record, SECTOR);
    if (sector === undefined || sector.readUInt16LE(MBR.mark) !== 0xaa55) return found;
    const [partition, next] = entriesOf(sector);
    if (partition !== undefined && partition.bytes > 0)
      found.push({ ...partition, startBytes: record + partition.startBytes });
    if (next === undefined || next.bytes === 0) return found;
    record = first + next.startBytes;
  }
  return found;
}
