import { describe, expect, test } from 'vitest';
import { newBootSector, readBootSector, withRoot } from '../../../../../builder/volumes/fat32/boot-sector.ts';
import { geometryFor } from '../../../../../builder/volumes/fat32/geometry.ts';
import { labelBytes, readLabel } from '../../../../../builder/volumes/fat32/label.ts';

const geometry = geometryFor(40 * 1024 ** 2);
const options = { bytes: 40 * 1024 ** 2, label: 'Medium', volumeId: '0012abcd', time: 0, hiddenSectors: 2048 };

function changed(change: (sector: Buffer) => void): Buffer {
  const sector = newBootSector(geometry, 2, options);
  change(sector);
  return sector;
}

describe('the boot sector', () => {
  test('is read as it was written', () => {
    const sector = newBootSector(geometry, 70_000, options);
    expect(readBootSector(sector)).toEqual({
      sector,
      geometry,
      rootCluster: 70_000,
      volumeId: '0012abcd',
      label: Buffer.from('MEDIUM     '),
      fsInfo: 1,
      backup: 6,
      activeFats: [0, 1],
    });
    expect(sector.subarray(0, 3)).toEqual(Buffer.from([0xeb, 0x58, 0x90]));
    expect(sector.readUInt32LE(28)).toBe(2048);
  });

  test('does not say where it begins behind 2 TiB', () => {
    const hiddenAt = (hiddenSectors: number) =>
      newBootSector(geometry, 2, { ...options, hiddenSectors }).readUInt32LE(28);
    expect([0xffffffff, 2 ** 32].map(hiddenAt)).toEqual([0xffffffff, 0]);
  });

  test('changes in nothing but its root', () => {
    const boot = readBootSector(newBootSector(geometry, 2, options));
    expect(withRoot(boot, 0x1234567)).toEqual(newBootSector(geometry, 0x1234567, options));
    expect(boot.rootCluster).toBe(2);
  });

  test('names the one FAT that counts, and the sectors it has not', () => {
    const sector = changed((bytes) => {
      bytes.writeUInt16LE(0x81, 40);
      bytes.writeUInt16LE(0xffff, 48);
      bytes.writeUInt16LE(0, 50);
    });
    expect(readBootSector(sector)).toMatchObject({ activeFats: [1], fsInfo: undefined, backup: undefined });
  });

  test.each([
    ['no signature', (sector: Buffer) => sector.writeUInt16LE(0, 510)],
    ['sectors of 500 bytes', (sector: Buffer) => sector.writeUInt16LE(500, 11)],
    ['clusters of three sectors', (sector: Buffer) => sector.writeUInt8(3, 13)],
    ['no FAT', (sector: Buffer) => sector.writeUInt8(0, 16)],
    ['the root of FAT16', (sector: Buffer) => sector.writeUInt16LE(512, 17)],
    ['the FAT of FAT16', (sector: Buffer) => sector.writeUInt16LE(200, 22)],
    ['another version', (sector: Buffer) => sector.writeUInt16LE(1, 42)],
    ['no clusters', (sector: Buffer) => sector.writeUInt32LE(10, 32)],
  ])('with %s is none of FAT32', (_, change) => {
    expect(() => readBootSector(changed(change))).toThrow(expect.objectContaining({ code: 'MEDIUM_INVALID' }));
  });

  test('with a FAT too small for its volume is damaged', () => {
    const sector = changed((bytes) => bytes.writeUInt32LE(100, 36));
    expect(() => readBootSector(sector)).toThrow(expect.objectContaining({ code: 'MEDIUM_CORRUPT' }));
  });
});

test.each([
  ['Medium', 'MEDIUM     '],
  ['a.b*c+d', 'A_B_C_D    '],
  ['a label that is long', 'A LABEL THA'],
  // A sharp s has two capitals.
  ['Größe', 'GR_SSE     '],
])('the label %s becomes %s', (label, bytes) => {
  expect(labelBytes(label)?.toString('latin1')).toBe(bytes);
});

test('no label is none', () => {
  expect(labelBytes(' ')).toBeUndefined();
  expect(readLabel(Buffer.from('NO NAME    '))).toBe('');
  expect(readBootSector(newBootSector(geometry, 2, { ...options, label: '' })).label.toString()).toBe('NO NAME    ');
});
