import type { ReadAt, Write } from '../volume.ts';
import { sectorBytesOf } from './boot-sector.ts';
import { checksum32 } from './checksum.ts';
import { corrupt } from './errors.ts';

const SECTORS = 12;
const CHECKSUM_SECTOR = 11;
const EXTENDED_SECTORS = 8;
const EXTENDED_SIGNATURE = 0xaa550000;
/** VolumeFlags and PercentInUse change while the volume is in use. */
const NOT_IN_CHECKSUM = [106, 107, 112];

/** Both boot regions as they are on the disk, and the one that counts. */
export type BootRegions = { main: Buffer; backup: Buffer; counts: 'main' | 'backup' };

/** The twelve sectors that begin with this boot sector. */
export function bootRegion(bootSector: Buffer): Buffer {
  const region = Buffer.alloc(SECTORS * bootSector.length);
  for (let sector = 1; sector <= EXTENDED_SECTORS; sector++) {
    region.writeUInt32LE(EXTENDED_SIGNATURE, (sector + 1) * bootSector.length - 4);
  }
  return withBootSector(region, bootSector);
}

/** A region with another boot sector, and the checksum that belongs to both. */
export function withBootSector(region: Buffer, bootSector: Buffer): Buffer {
  const changed = Buffer.from(region);
  changed.set(bootSector);
  changed.fill(checksumSector(changed), checksumOffset(changed));
  return changed;
}

/**
 * The main region counts, or the backup where only its checksum is right: that is what a cut in the middle of
 * {@link regionWrites} leaves. `MEDIUM_INVALID` where there is no exFAT volume, `MEDIUM_CORRUPT` where neither is right.
 */
export async function readBootRegions(read: ReadAt): Promise<BootRegions> {
  const sectorBytes = sectorBytesOf(await read(0, 512));
  const both = await read(0, 2 * SECTORS * sectorBytes);
  const main = both.subarray(0, SECTORS * sectorBytes);
  const backup = both.subarray(SECTORS * sectorBytes);
  if (backup.length < main.length) throw corrupt('it ends within its boot region');
  if (isWhole(main)) return { main, backup, counts: 'main' };
  if (isWhole(backup)) return { main, backup, counts: 'backup' };
  throw corrupt('the checksums of both its boot regions are wrong');
}

/**
 * The single sectors that make both regions `region`. The one that does not count goes first, so that at each moment one
 * of them is whole: the earlier volume counts until the other region's last sector is there.
 */
export function regionWrites({ main, backup, counts }: BootRegions, region: Buffer): Write[] {
  const ofMain = changedSectors(main, region, 0);
  const ofBackup = changedSectors(backup, region, region.length);
  return counts === 'main' ? [...ofBackup, ...ofMain] : [...ofMain, ...ofBackup];
}

function changedSectors(before: Buffer, after: Buffer, offset: number): Write[] {
  const sectorBytes = after.length / SECTORS;
  return Array.from({ length: SECTORS }, (_, sector) => sector * sectorBytes)
    .filter((at) => before.compare(after, at, at + sectorBytes, at, at + sectorBytes) !== 0)
    .map((at) => ({ offset: offset + at, data: after.subarray(at, at + sectorBytes) }));
}

function isWhole(region: Buffer): boolean {
  try {
    sectorBytesOf(region);
  } catch {
    return false;
  }
  return region.subarray(checksumOffset(region)).equals(checksumSector(region));
}

function checksumOffset(region: Buffer): number {
  return (region.length / SECTORS) * CHECKSUM_SECTOR;
}

function checksumSector(region: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(checksum32(region.subarray(0, checksumOffset(region)), NOT_IN_CHECKSUM));
  return Buffer.alloc(region.length / SECTORS, sum);
}
