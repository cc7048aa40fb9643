import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isoSize } from '../../../../builder/inspect/iso-size.ts';
import { temporaryFolder } from '../../../helpers/temporary-folder.ts';

/** A volume of 20 sectors, and a partition table whose second copy is in the last block of 60 sectors. */
function iso(table: boolean): Buffer {
  const bytes = Buffer.alloc(60 * 2048);
  bytes.write('CD001', 16 * 2048 + 1, 'latin1');
  bytes.writeUInt32LE(20, 16 * 2048 + 80);
  if (table) {
    bytes.write('EFI PART', 512, 'latin1');
    bytes.writeBigUInt64LE(60n * 4n - 1n, 512 + 32);
  }
  return bytes;
}

async function sizeOf(bytes: Uint8Array) {
  const path = join(await temporaryFolder(), 'x.iso');
  await writeFile(path, bytes);
  return isoSize(path);
}

it('goes by the volume, and by the partition table where there is one', async () => {
  expect(await sizeOf(iso(false))).toEqual({ bytes: 60 * 2048, declared: 20 * 2048 });
  expect(await sizeOf(iso(true))).toEqual({ bytes: 60 * 2048, declared: 60 * 2048 });
  expect(await sizeOf(iso(true).subarray(0, 40 * 2048))).toEqual({ bytes: 40 * 2048, declared: 60 * 2048 });
});

it('knows an ISO that ends before its descriptor by its partition table', async () => {
  expect(await sizeOf(iso(true).subarray(0, 5000))).toEqual({ bytes: 5000, declared: 60 * 2048 });
  expect(await sizeOf(iso(false).subarray(0, 5000))).toBeUndefined();
});

it.each([0, 100, 40_000, 200_000])('is undefined for %d bytes of something else', async (length) => {
  expect(await sizeOf(Buffer.alloc(length, 'x'))).toBeUndefined();
});
