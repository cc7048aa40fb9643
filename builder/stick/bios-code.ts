import { MediasmithError } from '../../runtime/contract/errors.ts';
import { bootSectorCode, placedCore } from '../boot/stick-boot.ts';
import type { StickTable } from '../config/schema.ts';
import { SECTOR } from './partition-table.ts';
import { coreRoom, coreSector } from './plan-stick.ts';

/** GRUB for a BIOS, as it lies on the medium. */
export type BiosCode = { bootSector: Buffer; core: Buffer };

/** The first bytes of sector 0; behind them lie the disk's signature and the table. */
export const CODE_BYTES = 440;

/** What a BIOS starts a stick by: the code of sector 0 and the core outside of all volumes. */
export type PlacedBios = { code: Buffer; core: { offset: number; data: Buffer } };

/** `MEDIUM_INVALID` for a core that is too long for its place. */
export function placedBios({ bootSector, core }: BiosCode, table: StickTable): PlacedBios {
  const start = coreSector(table);
  const data = placedCore(core, start);
  if (data.length > coreRoom(table)) {
    throw new MediasmithError(
      'MEDIUM_INVALID',
      `the medium's BIOS loader has ${data.length} bytes, which is too many`,
      {
        hint: 'Build the medium again with this version.',
      },
    );
  }
  return { code: bootSectorCode(bootSector, start), core: { offset: start * SECTOR, data } };
}
