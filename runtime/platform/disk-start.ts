import { guidText } from '../hive/guid.ts';
import { GPT_TYPES } from './partition-table.ts';

/** Logical sector sizes: the GPT header is the second sector, its entries begin at the third (UEFI specification). */
const SECTOR_SIZES = [512, 4096];
const GPT = { magic: 'EFI PART', guidOffset: 56, guidBytes: 16 };
const MBR = {
  signatureOffset: 440,
  entriesOffset: 446,
  entryBytes: 16,
  typeOffset: 4,
  entries: 4,
  markOffset: 510,
  mark: 0xaa55,
};
const PROTECTIVE = 0xee;

/** What tells the partition table of a disk from every other: `gpt <GUID>` or `mbr <8 hex digits>`; undefined without one. */
export function tableIdentity(start: Uint8Array): string | undefined {
  const data = Buffer.from(start.buffer, start.byteOffset, start.length);
  for (const sector of SECTOR_SIZES) {
    if (data.toString('latin1', sector, sector + GPT.magic.length) !== GPT.magic) continue;
    return `gpt ${guidText(data.subarray(sector + GPT.guidOffset, sector + GPT.guidOffset + GPT.guidBytes))}`;
  }
  if (!hasMark(data) || isProtective(data)) return undefined;
  return `mbr ${data.readUInt32LE(MBR.signatureOffset).toString(16).padStart(8, '0')}`;
}

/** A GPT whose writing was cut: entries of ours, or the protective MBR, without the header that makes them a table. */
export function isHalfTable(start: Uint8Array): boolean {
  const data = Buffer.from(start.buffer, start.byteOffset, start.length);
  const types: string[] = Object.values(GPT_TYPES);
  const entries = SECTOR_SIZES.some((sector) =>
    types.includes(guidText(data.subarray(2 * sector, 2 * sector + GPT.guidBytes))),
  );
  return entries || (hasMark(data) && isProtective(data));
}

function hasMark(data: Buffer): boolean {
  return data.readUInt16LE(MBR.markOffset) === MBR.mark;
}

function isProtective(data: Buffer): boolean {
  return Array.from(
    { length: MBR.entries },
    (_, index) => data[MBR.entriesOffset + index * MBR.entryBytes + MBR.typeOffset],
  ).includes(PROTECTIVE);
}
