import { describe, expect, test } from 'vitest';
import { geometryFor, smallestVolume } from '../../../../../builder/volumes/fat32/geometry.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

describe('the geometry of a new volume', () => {
  test.each([
    [34 * MIB, 512],
    [66 * MIB, 512],
    [66 * MIB + 512, 1024],
    [132 * MIB + 512, 2048],
    [264 * MIB + 512, 4096],
    [8 * GIB, 4096],
    [8 * GIB + 512, 8192],
    [16 * GIB + 512, 16_384],
    [32 * GIB, 16_384],
    [32 * GIB + 512, 32_768],
    [256 * GIB, 32_768],
    [2048 * GIB - 512, 32_768],
  ])('%i bytes have clusters of %i, enough for FAT32, behind FATs that hold them', (bytes, clusterBytes) => {
    const geometry = geometryFor(bytes);
    const { place, clusters, sectorsPerFat, reservedSectors } = geometry;
    expect(place.clusterBytes).toBe(clusterBytes);
    expect(clusters).toBeGreaterThanOrEqual(65_525);
    expect((clusters + 2) * 4).toBeLessThanOrEqual(sectorsPerFat * 512);
    expect(reservedSectors).toBeGreaterThanOrEqual(32);
    expect(reservedSectors).toBeLessThan(65_536);
    expect(place.dataOffset).toBe((reservedSectors + 2 * sectorsPerFat) * 512);
    expect(place.dataOffset % (bytes < GIB ? 4096 : MIB)).toBe(0);
    expect(place.dataOffset + clusters * clusterBytes).toBeLessThanOrEqual(bytes);
  });

  test('32 MiB are too few, and the error says how many are enough', () => {
    expect(() => geometryFor(32 * MIB)).toThrow(
      expect.objectContaining({ code: 'NO_SPACE', hint: expect.stringContaining('MB') }),
    );
  });

  test('what is above 2 TiB stays unused', () => {
    expect(geometryFor(3000 * GIB).totalSectors).toBe(2 ** 32 - 1);
  });
});

describe('the smallest volume', () => {
  const needed = [1, 60 * MIB, 65.9 * MIB, 131 * MIB, 263 * MIB, GIB - 1, 7.99 * GIB, 16 * GIB, 33 * GIB, 300 * GIB];

  test.each(needed)('for %i bytes holds them, and the next smaller does not', (bytes) => {
    const clusters = (clusterBytes: number) => Math.ceil(bytes / clusterBytes);
    const size = smallestVolume(clusters);
    expect(roomOf(size)).toBeGreaterThanOrEqual(bytes);
    const step = size <= GIB ? 4096 : MIB;
    expect(roomOf(size - step)).toBeLessThan(Math.max(bytes, 65_541 * 512));
  });

  test('grows with what it has to hold', () => {
    const sizes = needed.map((bytes) => smallestVolume((clusterBytes) => Math.ceil(bytes / clusterBytes)));
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  });

  test('has an end', () => {
    expect(() => smallestVolume((clusterBytes) => Math.ceil((2100 * GIB) / clusterBytes))).toThrow(
      expect.objectContaining({ code: 'NO_SPACE' }),
    );
  });
});

function roomOf(bytes: number): number {
  try {
    const { clusters, place } = geometryFor(bytes);
    return clusters * place.clusterBytes;
  } catch {
    return 0;
  }
}
