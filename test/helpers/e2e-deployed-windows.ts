import { join } from 'node:path';
import { expect } from 'vitest';
import { type DiskPartition, withPartition } from './e2e-disk.ts';
import { compareListings, type Listing, listImage, listVolume, readNtfsFile } from './e2e-ntfs.ts';
import { COMPUTER_NAME } from './e2e-sequences.ts';
import { parseXml, textsOf } from './e2e-xml.ts';

/** The Windows volume holds the first image of `wim` as it was, and nothing but what the sequence added. */
export async function expectTheImage(wim: string, disk: string, windows: DiskPartition, folder: string): Promise<void> {
  const before = await listImage(wim, 1);
  expectRich(before);
  const after = await withPartition(disk, windows, (device) => listVolume(device, join(folder, 'captured.wim')));
  const { added, removed, changed } = compareListings(before, after);
  expect(removed).toEqual([]);
  expect(added).toEqual([
    '/Drivers',
    '/Drivers/stand-in-driver',
    '/Drivers/stand-in-driver/standin.inf',
    '/Windows/Logs',
    '/Windows/Logs/Mediasmith',
    '/Windows/Logs/Mediasmith/result-deploy.json',
    '/Windows/Logs/Mediasmith/smsts.log',
    '/Windows/Panther/unattend.xml',
  ]);
  // A folder's time changes with the names in it.
  const time = ['Last Write Time'];
  expect(changed).toEqual({ '/': time, '/Windows': time, '/Windows/Panther': time });
  for (const path of added) expectInherited(path, after);
}

/** A comparison of images with nothing awkward in them would prove little. */
function expectRich(listing: Listing): void {
  const lines = [...listing.values()].flat().join('\n');
  expect(listing.size).toBeGreaterThan(300);
  for (const sign of [
    /^Named data stream "Zone\.Identifier":$/m,
    /^Reparse Tag\s+= 0xa0000003$/m,
    /^Reparse Tag\s+= 0xa000000c$/m,
    /^Short Name\s+= "PROGRA~1"$/m,
    /^Links = .+ \| .+$/m,
    /^FILE_ATTRIBUTE_HIDDEN is set$/m,
  ])
    expect(lines).toMatch(sign);
}

/** SDDL's "everyone" (S-1-1-0) as a descriptor holds it, and the flag that says that there is a list of rules at all. */
const EVERYONE = '010100000000000100000000';
const DACL_PRESENT = 0x0004;

function expectInherited(path: string, listing: Listing): void {
  const line = listing.get(path)?.find((text) => text.startsWith('Security Descriptor'));
  const descriptor = line?.replace(/.*= /, '') ?? '';
  expect(Buffer.from(descriptor, 'hex').readUInt16LE(2) & DACL_PRESENT, `${path}: ${descriptor}`).toBe(DACL_PRESENT);
  expect(descriptor, path).not.toContain(EVERYONE);
}

/** The answer file says what the sequence asked, and the log has a record for each step. */
export async function expectWrittenFiles(disk: string, windows: DiskPartition, folder: string): Promise<void> {
  const [answers, log] = await withPartition(disk, windows, async (device) => [
    await readNtfsFile(device, 'Windows/Panther/unattend.xml', join(folder, 'unattend.xml')),
    await readNtfsFile(device, 'Windows/Logs/Mediasmith/smsts.log', join(folder, 'smsts.log')),
  ]);
  const document = parseXml(answers?.toString('utf8') ?? '');
  expect(textsOf(document, 'ComputerName')).toEqual([COMPUTER_NAME]);
  expect(textsOf(document, 'RegisteredOrganization')).toEqual(['Test & Sons']);
  expect(textsOf(document, 'TimeZone')).toEqual(['UTC']);
  expect(textsOf(document, 'InputLocale')).toEqual(['de-DE']);
  expect(textsOf(document, 'Path')).toEqual([
    'pnputil.exe /add-driver "%SystemDrive%\\Drivers\\stand-in-driver\\*.inf" /subdirs /install',
  ]);
  const records = (log?.toString('utf8') ?? '').split('\r\n').slice(0, -1);
  const cmtrace =
    /^<!\[LOG\[.+\]LOG\]!><time="\d\d:\d\d:\d\d\.\d{3}\+000" date="\d\d-\d\d-\d{4}" component="[\w-]+" context="" type="[123]" thread="0" file="smsts\.log">$/s;
  for (const record of records) expect(record).toMatch(cmtrace);
  expect(records.filter((record) => / succeeded after /.test(record))).toHaveLength(7);
}
