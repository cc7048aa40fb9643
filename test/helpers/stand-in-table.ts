import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { guidBytes } from '../../runtime/hive/guid.ts';
import type { DriveLayout } from '../../runtime/native/win32-structs.ts';
import { layoutOfImage } from '../../runtime/platform/winpe/layout-of-image.ts';

const SECTOR = 512;
const ENTRIES = 128;
const ENTRY_BYTES = 128;

export type TablePart = DriveLayout['partitions'][number] & { active?: boolean };
export type StandInTable = { style: 'gpt' | 'mbr'; identity: string; partitions: TablePart[] };

/** The table of a disk, also one without partitions. */
export function readTable(file: string): StandInTable | undefined {
  const layout = layoutOfImage(file);
  const start = Buffer.alloc(2 * SECTOR);
  const handle = openSync(file, 'r');
  readSync(handle, start, 0, start.length, 0);
  closeSync(handle);
  if (layout === undefined || layout.style === 'raw') {
    if (start.readUInt16LE(510) !== 0xaa55) return undefined;
    const gpt = start.toString('latin1', SECTOR, SECTOR + 8) === 'EFI PART';
    return { style: gpt ? 'gpt' : 'mbr', identity: gpt ? randomUUID() : '00000000', partitions: [] };
  }
  const active = (number: number): boolean => layout.style === 'mbr' && start[446 + (number - 1) * 16] === 0x80;
  const partitions = layout.partitions.map((part) => ({ ...part, active: active(part.number) }));
  return { style: layout.style, identity: layout.identity, partitions };
}

/** A table as bytes, without the sums that nobody here checks. The code in sector 0 is left alone. */
export function tableWrites({ style, identity, partitions }: StandInTable): { data: Buffer; offset: number }[] {
  const entries = Buffer.alloc(4 * 16 + 2);
  entries.writeUInt16LE(0xaa55, 64);
  if (style === 'mbr') {
    for (const { number, startBytes, bytes, active } of partitions) {
      const at = (number - 1) * 16;
      entries[at] = active === true ? 0x80 : 0;
      entries[at + 4] = 0x07;
      entries.writeUInt32LE(startBytes / SECTOR, at + 8);
      entries.writeUInt32LE(bytes / SECTOR, at + 12);
    }
    const signature = Buffer.alloc(4);
    signature.writeUInt32LE(Number.parseInt(identity.slice(0, 8), 16));
    return [
      { data: signature, offset: 440 },
      { data: entries, offset: 446 },
    ];
  }
  entries[4] = 0xee;
  entries.writeUInt32LE(1, 12);
  const header = Buffer.alloc(SECTOR);
  header.write('EFI PART', 0, 'latin1');
  header.set(guidBytes(identity), 56);
  header.writeBigUInt64LE(2n, 72);
  header.writeUInt32LE(ENTRIES, 80);
  header.writeUInt32LE(ENTRY_BYTES, 84);
  const list = Buffer.alloc(ENTRIES * ENTRY_BYTES);
  for (const { number, startBytes, bytes, type = '', guid = '' } of partitions) {
    const at = (number - 1) * ENTRY_BYTES;
    list.set(guidBytes(type), at);
    list.set(guidBytes(guid), at + 16);
    list.writeBigUInt64LE(BigInt(startBytes / SECTOR), at + 32);
    list.writeBigUInt64LE(BigInt((startBytes + bytes) / SECTOR - 1), at + 40);
  }
  return [
    { data: entries, offset: 446 },
    { data: header, offset: SECTOR },
    { data: list, offset: 2 * SECTOR },
  ];
}
