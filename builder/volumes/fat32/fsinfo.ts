import { SECTOR } from './geometry.ts';

const UNKNOWN = 0xffffffff;

/** The sector with hints for whoever looks for a free cluster: how many there are and where to begin. */
export function fsInfoSector(free: number, next: number | undefined, sectorBytes = SECTOR): Buffer {
  const sector = Buffer.alloc(sectorBytes);
  sector.writeUInt32LE(0x41615252, 0);
  sector.writeUInt32LE(0x61417272, 484);
  sector.writeUInt32LE(free, 488);
  sector.writeUInt32LE(next ?? UNKNOWN, 492);
  sector.writeUInt32LE(0xaa550000, 508);
  return sector;
}
