import { open, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { guidBytes } from '../../../../runtime/hive/guid.ts';
import { isUnfinished, probeDisk, writeClaim } from '../../../../runtime/platform/claim.ts';
import { tableIdentity } from '../../../../runtime/platform/disk-start.ts';
import { GPT_TYPES, type PartitionTable } from '../../../../runtime/platform/partition-table.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

const MIB = 1024 ** 2;
const OURS = '0F1E2D3C-4B5A-6978-8796-A5B4C3D2E1F0';
const THEIRS = '11111111-2222-3333-4444-555555555555';
const TABLE: PartitionTable = { style: 'gpt', identity: OURS, partitions: [] };
const MBR_TABLE: PartitionTable = { style: 'mbr', identity: '1234abcd', partitions: [] };

/** A disk of 4 MiB in a file, with a change made to its first MiB. */
async function aDisk(change: (start: Buffer) => void = () => {}): Promise<string> {
  const path = join(await temporaryFolder(), 'disk');
  const start = Buffer.alloc(MIB);
  change(start);
  await writeFile(path, start);
  await truncate(path, 4 * MIB);
  return path;
}

async function startOf(path: string): Promise<Buffer> {
  return (await readFile(path)).subarray(0, MIB);
}

async function changeStart(path: string, change: (start: Buffer) => void): Promise<void> {
  const start = await startOf(path);
  change(start);
  const file = await open(path, 'r+');
  await file.write(start, 0, start.length, 0);
  await file.close();
}

function gpt(start: Buffer, identity: string, sector = 512): void {
  start.write('EFI PART', sector, 'latin1');
  start.set(guidBytes(identity), sector + 56);
}

function mbr(start: Buffer, signature: number, type = 7): void {
  start.writeUInt32LE(signature, 440);
  start[450] = type;
  start.writeUInt16LE(0xaa55, 510);
}

describe('tableIdentity', () => {
  it.each([512, 4096])('reads the GUID of a GPT disk with sectors of %i bytes', (sector) => {
    const start = Buffer.alloc(MIB);
    gpt(start, OURS, sector);
    expect(tableIdentity(start)).toBe(`gpt ${OURS}`);
  });

  it('reads the signature of an MBR disk, and nothing from a protective MBR or an empty disk', () => {
    const start = Buffer.alloc(MIB);
    expect(tableIdentity(start)).toBeUndefined();
    mbr(start, 0x1234abcd);
    expect(tableIdentity(start)).toBe('mbr 1234abcd');
    mbr(start, 0, 0xee);
    expect(tableIdentity(start)).toBeUndefined();
  });
});

describe('a claim counts', () => {
  it('on a disk whose ends are wiped', async () => {
    const disk = await aDisk();
    await writeClaim(disk, 'medium', TABLE);
    expect(await probeDisk(disk, 4 * MIB)).toEqual({ unfinished: true, empty: true });
  });

  it('while the table that was there is there still, and when ours has taken its place', async () => {
    const disk = await aDisk((start) => gpt(start, THEIRS));
    await writeClaim(disk, 'medium', TABLE);
    expect(isUnfinished(await startOf(disk))).toBe(true);
    await changeStart(disk, (start) => gpt(start, OURS));
    expect(isUnfinished(await startOf(disk))).toBe(true);
  });

  it('for an MBR table as well', async () => {
    const disk = await aDisk();
    await writeClaim(disk, 'medium', MBR_TABLE);
    await changeStart(disk, (start) => mbr(start, 0x1234abcd));
    expect(isUnfinished(await startOf(disk))).toBe(true);
  });

  it('while a GPT is being written: entries without a header, or the protective MBR alone', async () => {
    const disk = await aDisk();
    await writeClaim(disk, 'medium', TABLE);
    await changeStart(disk, (start) => start.set(guidBytes(GPT_TYPES.system), 1024));
    expect(isUnfinished(await startOf(disk))).toBe(true);
    const other = await aDisk();
    await writeClaim(other, 'medium', TABLE);
    await changeStart(other, (start) => mbr(start, 0, 0xee));
    expect(isUnfinished(await startOf(other))).toBe(true);
  });
});

describe('an old claim does not make a disk with data on it empty', () => {
  it.each([
    ['another GPT', (start: Buffer) => gpt(start, THEIRS)],
    ['an MBR table', (start: Buffer) => mbr(start, 0xcafe)],
    ['a file system on the whole disk', (start: Buffer) => start.writeUInt16LE(0xef53, 1080)],
    ['data somewhere before the first partition', (start: Buffer) => start.fill(1, 100_000, 100_100)],
  ])('%s', async (_, change) => {
    const disk = await aDisk();
    await writeClaim(disk, 'medium', TABLE);
    await changeStart(disk, change);
    expect(await probeDisk(disk, 4 * MIB)).toEqual({ unfinished: false, empty: false });
  });
});
