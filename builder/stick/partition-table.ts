import { crc32 } from 'node:zlib';
import { guidBytes, guidText } from '../../runtime/hive/guid.ts';
import type { StickTable } from '../config/schema.ts';
import type { PartitionRole, StickIdentity } from './stick-identity.ts';

export const SECTOR = 512;

export type StickPartition = {
  role: PartitionRole;
  fileSystem: 'fat32' | 'exfat' | 'none';
  start: number;
  sectors: number;
};
/** A partition that is there. */
export type FoundPartition = { start: number; sectors: number };

type TableOptions = {
  sectors: number;
  identity: StickIdentity;
  bootCode: Uint8Array | undefined;
  fixed?: boolean;
};

/** What firmware and systems find the volumes by. `last` makes it valid: one sector. */
export type TableWrites = { first: { offset: number; data: Buffer }[]; last: { offset: number; data: Buffer } };

const ENTRIES = 128;
const ENTRY_BYTES = 128;
const ENTRY_SECTORS = (ENTRIES * ENTRY_BYTES) / SECTOR;
/** Header and entries at the end of a GPT disk. */
export const GPT_END_SECTORS = ENTRY_SECTORS + 1;
export const GPT_FIRST_USABLE = ENTRY_SECTORS + 2;

/** UEFI specification, table of partition type GUIDs; GRUB's manual for the last. */
const GPT_TYPES = {
  data: 'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7',
  boot: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
  core: '21686148-6449-6e6f-744e-656564454649',
} as const;
const MBR_TYPES = { fat32: 0x0c, exfat: 0x07, none: 0 } as const;
const PROTECTIVE = 0xee;
const ACTIVE = 0x80;
/** "Beyond what cylinders, heads and sectors can say": everybody uses the sector numbers. */
const NO_CHS = [0xfe, 0xff, 0xff] as const;
const MBR_ENTRY = { offset: 446, bytes: 16, count: 4 } as const;

/**
 * `bootCode` are the first 440 bytes of sector 0. `sectors`: of the whole stick. `fixed`: it is the disk of a machine, whose
 * firmware starts an EFI system partition and nothing else.
 */
export function partitionTable(
  table: StickTable,
  partitions: readonly StickPartition[],
  { sectors, identity, bootCode, fixed = false }: TableOptions,
): TableWrites {
  const sector = Buffer.alloc(SECTOR);
  if (bootCode !== undefined) sector.set(bootCode.subarray(0, 440));
  sector.writeUInt16LE(0xaa55, 510);
  if (table === 'mbr') {
    sector.writeUInt32LE(identity.diskSignature, 440);
    const single = partitions.length === 1;
    for (const [index, { role, fileSystem, start, sectors: length }] of partitions.entries())
      writeMbrEntry(sector, index, single || role === 'boot', MBR_TYPES[fileSystem], start, length);
    return { first: [], last: { offset: 0, data: sector } };
  }
  writeMbrEntry(sector, 0, false, PROTECTIVE, 1, Math.min(sectors - 1, 0xffffffff));
  const entries = gptEntries(partitions, identity, fixed);
  const header = (own: number, other: number, entriesAt: number): Buffer =>
    gptHeader({ own, other, entriesAt, sectors, guid: identity.diskGuid, entries });
  const end = sectors - 1;
  return {
    first: [
      { offset: (end - ENTRY_SECTORS) * SECTOR, data: entries },
      { offset: end * SECTOR, data: header(end, 1, end - ENTRY_SECTORS) },
      { offset: 2 * SECTOR, data: entries },
      { offset: SECTOR, data: header(1, end, 2) },
    ],
    last: { offset: 0, data: sector },
  };
}

function writeMbrEntry(sector: Buffer, index: number, active: boolean, type: number, start: number, length: number) {
  const at = MBR_ENTRY.offset + index * MBR_ENTRY.bytes;
  sector.set([active ? ACTIVE : 0, ...NO_CHS, type, ...NO_CHS], at);
  sector.writeUInt32LE(start, at + 8);
  sector.writeUInt32LE(length, at + 12);
}

function gptEntries(partitions: readonly StickPartition[], identity: StickIdentity, fixed: boolean): Buffer {
  const entries = Buffer.alloc(ENTRIES * ENTRY_BYTES);
  // Windows shows no volume of the type that firmware prefers, so the single one of a stick is plain data, which starts too.
  const single = !fixed && partitions.filter(({ role }) => role !== 'core').length === 1;
  for (const [index, { role, start, sectors }] of partitions.entries()) {
    const at = index * ENTRY_BYTES;
    entries.set(guidBytes(GPT_TYPES[single && role === 'boot' ? 'data' : role]), at);
    entries.set(guidBytes(identity.partitionGuid(role)), at + 16);
    entries.writeBigUInt64LE(BigInt(start), at + 32);
    entries.writeBigUInt64LE(BigInt(start + sectors - 1), at + 40);
    entries.write(`mediasmith ${role}`, at + 56, 'utf16le');
  }
  return entries;
}

type Header = { own: number; other: number; entriesAt: number; sectors: number; guid: string; entries: Buffer };

function gptHeader({ own, other, entriesAt, sectors, guid, entries }: Header): Buffer {
  const header = Buffer.alloc(SECTOR);
  const headerBytes = 92;
  header.write('EFI PART', 0, 'latin1');
  header.writeUInt32LE(0x00010000, 8);
  header.writeUInt32LE(headerBytes, 12);
  header.writeBigUInt64LE(BigInt(own), 24);
  header.writeBigUInt64LE(BigInt(other), 32);
  header.writeBigUInt64LE(BigInt(GPT_FIRST_USABLE), 40);
  header.writeBigUInt64LE(BigInt(sectors - 1 - GPT_END_SECTORS), 48);
  header.set(guidBytes(guid), 56);
  header.writeBigUInt64LE(BigInt(entriesAt), 72);
  header.writeUInt32LE(ENTRIES, 80);
  header.writeUInt32LE(ENTRY_BYTES, 84);
  header.writeUInt32LE(crc32(entries), 88);
  header.writeUInt32LE(crc32(header.subarray(0, headerBytes)), 16);
  return header;
}

/** The partitions of a disk, from its first 34 sectors; undefined where there is no table that can be read. */
export function readPartitionTable(start: Buffer): { table: StickTable; partitions: FoundPartition[] } | undefined {
  if (start.length < GPT_FIRST_USABLE * SECTOR || start.readUInt16LE(510) !== 0xaa55) return undefined;
  const found = Array.from({ length: MBR_ENTRY.count }, (_, index) => {
    const at = MBR_ENTRY.offset + index * MBR_ENTRY.bytes;
    return { type: start.readUInt8(at + 4), start: start.readUInt32LE(at + 8), sectors: start.readUInt32LE(at + 12) };
  }).filter(({ type, sectors }) => type !== 0 && sectors > 0);
  if (!found.some(({ type }) => type === PROTECTIVE))
    return { table: 'mbr', partitions: found.map(({ start: first, sectors }) => ({ start: first, sectors })) };
  return readGpt(start);
}

function readGpt(start: Buffer): { table: StickTable; partitions: FoundPartition[] } | undefined {
  const header = Buffer.from(start.subarray(SECTOR, 2 * SECTOR));
  if (header.toString('latin1', 0, 8) !== 'EFI PART') return undefined;
  const crc = header.readUInt32LE(16);
  header.writeUInt32LE(0, 16);
  if (crc32(header.subarray(0, header.readUInt32LE(12))) !== crc) return undefined;
  const entryBytes = header.readUInt32LE(84);
  const entries = start.subarray(2 * SECTOR, GPT_FIRST_USABLE * SECTOR);
  if (entryBytes !== ENTRY_BYTES || crc32(entries) !== header.readUInt32LE(88)) return undefined;
  const partitions = Array.from({ length: ENTRIES }, (_, index) => entries.subarray(index * ENTRY_BYTES)).flatMap(
    (entry) => {
      const type = guidText(entry.subarray(0, 16)).toLowerCase();
      if (/^[0-]+$/.test(type) || type === GPT_TYPES.core) return [];
      const first = Number(entry.readBigUInt64LE(32));
      return [{ start: first, sectors: Number(entry.readBigUInt64LE(40)) - first + 1 }];
    },
  );
  return { table: 'gpt', partitions };
}
