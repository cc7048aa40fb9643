import { FIRST_CLUSTER } from '../shared/clusters.ts';
import { corrupt, notExfat } from './errors.ts';
import { FAT_ENTRY_BYTES, type Layout } from './layout.ts';

/** What a main boot sector says, without what every one of ours says alike. */
export type BootSector = { layout: Layout; rootCluster: number; volumeId: string };

const JUMP = [0xeb, 0x76, 0x90];
const NAME = 'EXFAT   ';
const REVISION = 0x0100;
const DRIVE = 0x80;
const HALT = 0xf4;
const SIGNATURE = 0xaa55;
const AT = {
  name: 3,
  zeros: 11,
  partitionOffset: 64,
  volumeLength: 72,
  fatOffset: 80,
  fatLength: 84,
  heapOffset: 88,
  clusterCount: 92,
  rootCluster: 96,
  volumeId: 100,
  revision: 104,
  sectorShift: 108,
  clusterShift: 109,
  fats: 110,
  drive: 111,
  percentInUse: 112,
  bootCode: 120,
  signature: 510,
} as const;
const PERCENT_UNKNOWN = 0xff;
const FAT_REGION_FIRST_SECTOR = 24;

/** Clean, with one FAT, and boot code that halts. */
export function bootSector(
  { layout, rootCluster, volumeId }: BootSector,
  { hiddenSectors, percentInUse }: { hiddenSectors: number; percentInUse: number },
): Buffer {
  const { sectorBytes } = layout;
  const sector = Buffer.alloc(sectorBytes);
  sector.set(JUMP);
  sector.write(NAME, AT.name, 'latin1');
  sector.writeBigUInt64LE(BigInt(hiddenSectors), AT.partitionOffset);
  sector.writeBigUInt64LE(BigInt(Math.floor(layout.bytes / sectorBytes)), AT.volumeLength);
  sector.writeUInt32LE(layout.fatOffset / sectorBytes, AT.fatOffset);
  sector.writeUInt32LE(layout.fatBytes / sectorBytes, AT.fatLength);
  sector.writeUInt32LE(layout.dataOffset / sectorBytes, AT.heapOffset);
  sector.writeUInt32LE(layout.clusterCount, AT.clusterCount);
  sector.writeUInt32LE(Number.parseInt(volumeId, 16), AT.volumeId);
  sector.writeUInt16LE(REVISION, AT.revision);
  sector[AT.sectorShift] = Math.log2(sectorBytes);
  sector[AT.clusterShift] = Math.log2(layout.clusterBytes / sectorBytes);
  sector[AT.fats] = 1;
  sector[AT.drive] = DRIVE;
  sector.fill(HALT, AT.bootCode, AT.signature);
  sector.writeUInt16LE(SIGNATURE, AT.signature);
  return withRoot(sector, rootCluster, percentInUse);
}

/** The same sector for another root folder; whatever else is in it stays. */
export function withRoot(sector: Buffer, rootCluster: number, percentInUse: number): Buffer {
  const changed = Buffer.from(sector);
  changed.writeUInt32LE(rootCluster, AT.rootCluster);
  if (changed[AT.percentInUse] !== PERCENT_UNKNOWN) changed[AT.percentInUse] = percentInUse;
  return changed;
}

/** The sector size of what looks like an exFAT volume's first sector. `MEDIUM_INVALID` where it does not. */
export function sectorBytesOf(sector: Buffer): number {
  if (sector.length < 512 || sector.toString('latin1', AT.name, AT.zeros) !== NAME) {
    throw notExfat('its first sector does not say so');
  }
  if (sector.readUInt16LE(AT.signature) !== SIGNATURE || sector.subarray(AT.zeros, AT.partitionOffset).some(Boolean)) {
    throw notExfat('its first sector is not a boot sector');
  }
  const shift = sector[AT.sectorShift] ?? 0;
  if (shift < 9 || shift > 12) throw notExfat(`its sectors are said to have 2^${shift} bytes`);
  return 2 ** shift;
}

/** What a boot sector says whose checksum was right. `MEDIUM_INVALID` for another revision or two FATs. */
export function parseBootSector(sector: Buffer): BootSector {
  const sectorBytes = sectorBytesOf(sector);
  if (sector.readUInt16LE(AT.revision) >> 8 !== REVISION >> 8) throw notExfat('its revision is not 1');
  if (sector[AT.fats] !== 1) throw notExfat('it does not have one FAT');
  const layout: Layout = {
    bytes: Number(sector.readBigUInt64LE(AT.volumeLength)) * sectorBytes,
    sectorBytes,
    clusterBytes: sectorBytes * 2 ** (sector[AT.clusterShift] ?? 0),
    fatOffset: sector.readUInt32LE(AT.fatOffset) * sectorBytes,
    fatBytes: sector.readUInt32LE(AT.fatLength) * sectorBytes,
    dataOffset: sector.readUInt32LE(AT.heapOffset) * sectorBytes,
    clusterCount: sector.readUInt32LE(AT.clusterCount),
  };
  const rootCluster = sector.readUInt32LE(AT.rootCluster);
  refuseImpossible(layout, rootCluster);
  const volumeId = sector.readUInt32LE(AT.volumeId).toString(16).padStart(8, '0');
  return { layout, rootCluster, volumeId };
}

const LARGEST_CLUSTER_BYTES = 32 * 1024 ** 2;

function refuseImpossible(layout: Layout, rootCluster: number): void {
  const { fatOffset, fatBytes, dataOffset, clusterCount, clusterBytes, bytes } = layout;
  const possible =
    clusterBytes <= LARGEST_CLUSTER_BYTES &&
    bytes <= Number.MAX_SAFE_INTEGER &&
    fatOffset >= FAT_REGION_FIRST_SECTOR * layout.sectorBytes &&
    fatOffset + fatBytes <= dataOffset &&
    fatBytes >= (clusterCount + FIRST_CLUSTER) * FAT_ENTRY_BYTES &&
    dataOffset + clusterCount * clusterBytes <= bytes &&
    rootCluster >= FIRST_CLUSTER &&
    rootCluster < FIRST_CLUSTER + clusterCount;
  if (!possible) throw corrupt('its parts do not fit into it');
}
