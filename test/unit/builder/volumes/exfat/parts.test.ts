import { describe, expect, test } from 'vitest';
import { bootRegion, regionWrites, withBootSector } from '../../../../../builder/volumes/exfat/boot-region.ts';
import { changedSectors } from '../../../../../builder/volumes/exfat/changed-sectors.ts';
import { checksum16, checksum32 } from '../../../../../builder/volumes/exfat/checksum.ts';
import { newEntrySet, withContent } from '../../../../../builder/volumes/exfat/entry-set.ts';
import { layoutFor, smallestVolume } from '../../../../../builder/volumes/exfat/layout.ts';
import { parseEntrySet } from '../../../../../builder/volumes/exfat/parse-entry-set.ts';
import { timestamp } from '../../../../../builder/volumes/exfat/timestamp.ts';
import { parseUpcaseTable, recommendedUpcaseTable } from '../../../../../builder/volumes/exfat/upcase-table.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const TIME = Date.UTC(2026, 4, 17, 9, 41, 33) / 1000;

describe('checksums', () => {
  test('turn right by one bit for each byte', () => {
    expect(checksum16(Buffer.from([0x41, 0]))).toBe(0x8020);
    expect(checksum16(Buffer.from([1, 1, 1]))).toBe(0xc001);
    expect(checksum32(Buffer.from([0x41, 0]))).toBe(0x8000_0020);
    expect(checksum32(Buffer.from([0xff, 0xff, 0xff, 0xff]))).toBe(0x2000_01de);
  });

  test('leave out what they are told to', () => {
    expect(checksum32(Buffer.from([1, 2, 3, 4]), [1, 2])).toBe(checksum32(Buffer.from([1, 4])));
  });
});

describe('the up-case table', () => {
  const table = recommendedUpcaseTable();

  test('is the one of the specification, by its size and checksum', () => {
    const stored = table.compress();
    expect(stored.length).toBe(5836);
    expect(checksum32(stored)).toBe(0xe619d30d);
  });

  test('is read as it was stored', () => {
    const stored = table.compress();
    const read = parseUpcaseTable(stored, checksum32(stored));
    const units = String.fromCharCode(...Array(0x1_0000).keys());
    expect(read.upper(units)).toBe(table.upper(units));
    expect(() => parseUpcaseTable(stored, 1)).toThrow(expect.objectContaining({ code: 'MEDIUM_CORRUPT' }));
  });

  test('may be short: what it does not say is its own large letter', () => {
    const stored = Buffer.from(Uint16Array.from([0xffff, 0x61, 0x41]).buffer);
    expect(parseUpcaseTable(stored, checksum32(stored)).upper('abä')).toBe('Abä');
  });

  test('makes names large unit by unit', () => {
    expect(table.upper('aßéÿж😀ı')).toBe('AßÉŸЖ😀ı');
    expect(table.hash('readme.txt')).toBe(table.hash('README.TXT'));
    expect(table.hash('a')).toBe(0x8020);
  });
});

test('times have two seconds, hundredths, and the bounds of the format', () => {
  expect(timestamp(TIME)).toEqual({ doubleSeconds: 0x5cb1_4d30, hundredths: 100 });
  expect(timestamp(0)).toEqual({ doubleSeconds: 0x0021_0000, hundredths: 0 });
  expect(timestamp(1e11)).toEqual({ doubleSeconds: 0xff9f_bf7d, hundredths: 100 });
});

describe('the layout', () => {
  test('is aligned to 1 MiB, and fills the volume', () => {
    for (const bytes of [17 * MIB, 256 * MIB, 7 * GIB, 100 * GIB, 2048 * GIB]) {
      const { fatOffset, dataOffset, clusterBytes, clusterCount, fatBytes } = layoutFor(bytes);
      expect([fatOffset % MIB, dataOffset % MIB]).toEqual([0, 0]);
      expect(clusterCount).toBe(Math.floor((bytes - dataOffset) / clusterBytes));
      expect(fatBytes).toBeGreaterThanOrEqual((clusterCount + 2) * 4);
      expect(fatOffset + fatBytes).toBeLessThanOrEqual(dataOffset);
    }
  });

  test('never loses clusters in a volume that is larger, and always fills it', () => {
    const border = 8 * GIB + 2 * MIB;
    let last = 0;
    for (let bytes = border - 4 * MIB; bytes < border + 4 * MIB; bytes += 4096 + 512) {
      const { clusterCount, dataOffset, fatOffset, fatBytes, clusterBytes } = layoutFor(bytes);
      expect(clusterCount).toBeGreaterThanOrEqual(last);
      expect(clusterCount).toBe(Math.floor((bytes - dataOffset) / clusterBytes));
      expect(fatOffset + fatBytes).toBeLessThanOrEqual(dataOffset);
      last = clusterCount;
    }
  });

  test('of the smallest volume has the clusters that are needed, and one sector less has not', () => {
    for (const count of [1000, 5000, 60_000, 262_142, 262_143, 300_000, 2_000_000]) {
      const needed = (_: number, clusterBytes: number) => Math.ceil((count * 4096) / clusterBytes);
      const bytes = smallestVolume(needed);
      const { clusterCount, clusterBytes } = layoutFor(bytes);
      expect(clusterCount).toBeGreaterThanOrEqual(needed(0, clusterBytes));
      const smaller = layoutFor(bytes - 512);
      expect(smaller.clusterCount).toBeLessThan(needed(0, smaller.clusterBytes));
    }
  });

  test('is refused below 1 MiB', () => {
    expect(() => layoutFor(MIB - 512)).toThrow(expect.objectContaining({ code: 'NO_SPACE' }));
  });
});

describe('the boot regions', () => {
  const boot = Buffer.alloc(512, 1);
  const region = bootRegion(boot);
  const other = withBootSector(region, Buffer.alloc(512, 2));

  test('have signatures in the extended boot sectors, and the checksum in the last', () => {
    for (let sector = 1; sector <= 8; sector++) expect(region.readUInt32LE(sector * 512 + 508)).toBe(0xaa550000);
    const sum = checksum32(region.subarray(0, 11 * 512), [106, 107, 112]);
    for (let at = 11 * 512; at < 12 * 512; at += 4) expect(region.readUInt32LE(at)).toBe(sum);
  });

  test('change by single sectors, the one that counts last', () => {
    const sectors = (counts: 'main' | 'backup') =>
      regionWrites({ main: region, backup: region, counts }, other).map(({ offset }) => offset / 512);
    expect(sectors('main')).toEqual([12, 23, 0, 11]);
    expect(sectors('backup')).toEqual([0, 11, 12, 23]);
    expect(regionWrites({ main: region, backup: other, counts: 'main' }, other)).toHaveLength(2);
  });
});

test('an entry set says what it was made of', () => {
  const upcase = recommendedUpcaseTable();
  const set = withContent(
    newEntrySet('A name of 24 units 日本.wim', 'file', TIME, upcase),
    [{ first: 7, count: 3 }],
    9999,
  );
  expect(set.length).toBe(4 * 32);
  expect(parseEntrySet(set, 'here', upcase)).toEqual({
    name: 'A name of 24 units 日本.wim',
    kind: 'file',
    content: { first: 7, bytes: 9999, contiguous: true },
    others: [],
  });
  const pieces = [
    { first: 7, count: 1 },
    { first: 9, count: 2 },
  ];
  expect(parseEntrySet(withContent(set, pieces, 9999), 'here', upcase).content.contiguous).toBe(false);
});

test('changed sectors are joined where they lie side by side, and not across places', () => {
  const before = Buffer.alloc(4 * 512);
  const after = Buffer.from(before);
  for (const at of [512, 1024, 1536]) after[at] = 1;
  const places = [
    { offset: 10_000, bytes: 1536 },
    { offset: 50_000, bytes: 512 },
  ];
  expect(changedSectors(before, after, places, 512)).toEqual([
    { offset: 10_512, data: after.subarray(512, 1536) },
    { offset: 50_000, data: after.subarray(1536) },
  ]);
});
