import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { FIRST_CLUSTER } from '../shared/clusters.ts';
import type { VolumeOptions } from '../volume.ts';
import { ENTRY_BYTES, type Geometry, SECTOR } from './geometry.ts';
import { labelBytes } from './label.ts';

/** What a volume's first sector says. */
export type BootSector = {
  /** The whole of it, for a copy with another root. */
  sector: Buffer;
  geometry: Geometry;
  rootCluster: number;
  volumeId: string;
  label: Buffer;
  /** Sector numbers; none where the volume has no such sector. */
  fsInfo: number | undefined;
  backup: number | undefined;
  /** The FATs that are kept up, the one that counts first. */
  activeFats: number[];
};

export const FSINFO_SECTOR = 1;
export const BACKUP_SECTOR = 6;

const ROOT_CLUSTER = 44;
const NOT_MIRRORED = 0x80;
/** Behind 2 TiB the field has no room for where the volume begins; only code for a BIOS ever asks. */
const LARGEST = 0xffffffff;
const LARGEST_CLUSTER = 0x0ffffff6;
const SIGNATURE = 0xaa55;

/** The boot sector of a new volume, offsets as in Microsoft's FAT specification. It starts nothing. */
export function newBootSector(geometry: Geometry, rootCluster: number, options: VolumeOptions): Buffer {
  const sector = Buffer.alloc(SECTOR);
  sector.set([0xeb, 0x58, 0x90]);
  sector.write('MSWIN4.1', 3, 'latin1');
  sector.writeUInt16LE(geometry.sectorBytes, 11);
  sector.writeUInt8(geometry.place.clusterBytes / geometry.sectorBytes, 13);
  sector.writeUInt16LE(geometry.reservedSectors, 14);
  sector.writeUInt8(geometry.fats, 16);
  sector.writeUInt8(0xf8, 21);
  sector.writeUInt16LE(63, 24);
  sector.writeUInt16LE(255, 26);
  sector.writeUInt32LE(options.hiddenSectors > LARGEST ? 0 : options.hiddenSectors, 28);
  sector.writeUInt32LE(geometry.totalSectors, 32);
  sector.writeUInt32LE(geometry.sectorsPerFat, 36);
  sector.writeUInt32LE(rootCluster, ROOT_CLUSTER);
  sector.writeUInt16LE(FSINFO_SECTOR, 48);
  sector.writeUInt16LE(BACKUP_SECTOR, 50);
  sector.writeUInt8(0x80, 64);
  sector.writeUInt8(0x29, 66);
  sector.writeUInt32LE(Number.parseInt(options.volumeId, 16), 67);
  sector.set(labelBytes(options.label) ?? Buffer.from('NO NAME    '), 71);
  sector.write('FAT32   ', 82, 'latin1');
  // hlt; jmp to it
  sector.set([0xf4, 0xeb, 0xfd], 90);
  return withSignature(sector);
}

/** A sector that ends as each of the first three of a volume does. */
export function withSignature(sector: Buffer): Buffer {
  sector.writeUInt16LE(SIGNATURE, 510);
  return sector;
}

export function withRoot({ sector }: BootSector, rootCluster: number): Buffer {
  const changed = Buffer.from(sector);
  changed.writeUInt32LE(rootCluster, ROOT_CLUSTER);
  return changed;
}

/** `MEDIUM_INVALID` where these bytes, 4 KiB from a volume's start, are no boot sector of FAT32. */
export function readBootSector(start: Buffer): BootSector {
  if (start.length < SECTOR || start.readUInt16LE(510) !== SIGNATURE) throw notFat32('no boot sector');
  const sectorBytes = start.readUInt16LE(11);
  const perCluster = start.readUInt8(13);
  const reservedSectors = start.readUInt16LE(14);
  const fats = start.readUInt8(16);
  const sectorsPerFat = start.readUInt32LE(36);
  const totalSectors = start.readUInt32LE(32);
  if (![512, 1024, 2048, 4096].includes(sectorBytes)) throw notFat32(`sectors of ${sectorBytes} bytes`);
  if (perCluster === 0 || (perCluster & (perCluster - 1)) !== 0) throw notFat32(`${perCluster} sectors in a cluster`);
  if (reservedSectors === 0 || fats === 0) throw notFat32('no reserved sectors or no FAT');
  // Only FAT12 and FAT16 have these: entries of the root folder, sectors of a FAT in 16 bits.
  if (start.readUInt16LE(17) !== 0 || start.readUInt16LE(22) !== 0) throw notFat32('FAT12 or FAT16');
  if (sectorsPerFat === 0 || start.readUInt16LE(42) !== 0) throw notFat32('no FAT, or a version that is not known');
  const dataSector = reservedSectors + fats * sectorsPerFat;
  const clusters = Math.floor((totalSectors - dataSector) / perCluster);
  if (clusters < 1 || clusters + FIRST_CLUSTER > LARGEST_CLUSTER) throw notFat32(`${clusters} clusters`);
  if ((clusters + FIRST_CLUSTER) * ENTRY_BYTES > sectorsPerFat * sectorBytes) {
    throw new MediasmithError('MEDIUM_CORRUPT', `the FAT of ${sectorsPerFat} sectors is too small for the volume`);
  }
  const flags = start.readUInt16LE(40);
  const reserved = (sector: number) => (sector > 0 && sector < reservedSectors ? sector : undefined);
  return {
    sector: Buffer.from(start.subarray(0, sectorBytes)),
    geometry: {
      sectorBytes,
      totalSectors,
      reservedSectors,
      fats,
      sectorsPerFat,
      clusters,
      place: { dataOffset: dataSector * sectorBytes, clusterBytes: perCluster * sectorBytes },
    },
    rootCluster: start.readUInt32LE(ROOT_CLUSTER) & 0x0fffffff,
    volumeId: start.readUInt32LE(67).toString(16).padStart(8, '0'),
    label: Buffer.from(start.subarray(71, 82)),
    fsInfo: reserved(start.readUInt16LE(48)),
    backup: reserved(start.readUInt16LE(50)),
    activeFats:
      flags & NOT_MIRRORED ? [Math.min(flags & 0xf, fats - 1)] : Array.from({ length: fats }, (_, fat) => fat),
  };
}

function notFat32(why: string): MediasmithError {
  return new MediasmithError('MEDIUM_INVALID', `this is no FAT32 volume: ${why}`);
}
