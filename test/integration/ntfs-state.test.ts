import { mkdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { examineFiles } from '../../runtime/platform/examine-files.ts';
import { isCleanNtfs } from '../../runtime/platform/linux/ntfs-state.ts';
import { NTFS_ATTRIBUTES, NTFS_FILES, readNtfsAttribute } from '../../runtime/platform/ntfs-records.ts';
import { readAt, writeAt } from '../../runtime/platform/raw-disk.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { makeNtfs } from './wim-fixtures.ts';

async function volume(): Promise<string> {
  const device = join(await temporaryFolder(), 'ntfs.img');
  await makeNtfs(device, 16);
  return device;
}

/** A page as Windows writes it at the log's beginning. */
function restartPage(number: bigint, client: number, flags: number): Buffer {
  const page = Buffer.alloc(4096);
  page.write('RSTR', 'latin1');
  page.writeUInt16LE(0x30, 24);
  page.writeBigUInt64LE(number, 0x30);
  page.writeUInt16LE(client, 0x30 + 12);
  page.writeUInt16LE(flags, 0x30 + 14);
  return page;
}

async function withLog(...pages: Buffer[]): Promise<string> {
  const device = await volume();
  const log = await readNtfsAttribute(device, NTFS_FILES.logFile, NTFS_ATTRIBUTES.data);
  await writeAt(device, Buffer.concat(pages), log?.startBytes ?? 0);
  return device;
}

const OPEN = 0;
const NO_CLIENT = 0xffff;

describe('an NTFS volume', () => {
  it('is clean when it is new, and when its log is closed', async () => {
    expect(await isCleanNtfs(await volume())).toBe(true);
    expect(await isCleanNtfs(await withLog(restartPage(5n, OPEN, 2), restartPage(4n, OPEN, 0)))).toBe(true);
    expect(await isCleanNtfs(await withLog(restartPage(4n, OPEN, 0), restartPage(5n, NO_CLIENT, 0)))).toBe(true);
  });

  it('is not when its log is open, by the page with the higher number', async () => {
    expect(await isCleanNtfs(await withLog(restartPage(5n, OPEN, 0), restartPage(4n, NO_CLIENT, 0)))).toBe(false);
  });

  it('is not when a check of it is due', async () => {
    const device = await volume();
    const [wanted, bytes] = [
      await readNtfsAttribute(device, 3, NTFS_ATTRIBUTES.volumeInformation),
      await readAt(device, 0, 512),
    ];
    const table = Number(bytes.readBigUInt64LE(48)) * bytes.readUInt16LE(11) * bytes.readUInt8(13);
    const record = await readAt(device, table + 3 * 1024, 1024);
    const at = record.indexOf(wanted?.resident ?? 'never');
    expect(at).toBeGreaterThan(0);
    record.writeUInt16LE(1, at + 10);
    await writeAt(device, record, table + 3 * 1024);
    expect(await isCleanNtfs(device)).toBe(false);
  });
});

describe('the files of a Windows volume', () => {
  it.each([
    ['HIBR', true],
    ['hibr', true],
    ['wake', false],
    ['\0\0\0\0', false],
  ])('tell by the hibernation file whether it sleeps: %j', async (word, hibernated) => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'HiberFil.sys': `${word}${'x'.repeat(100)}` });
    expect((await examineFiles(folder)).hibernated).toBe(hibernated);
  });

  it('are counted without what is made anew', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'x'));
    const before = (await examineFiles(folder)).usedBytes;
    await writeFiles(folder, { 'pagefile.sys': '' });
    await truncate(join(folder, 'pagefile.sys'), 2 ** 30);
    expect((await examineFiles(folder)).usedBytes).toBeLessThan(before);
  });
});
