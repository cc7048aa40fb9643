import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { partitionTable } from '../../../../../builder/stick/partition-table.ts';
import { stickIdentity } from '../../../../../builder/stick/stick-identity.ts';
import { layoutOfImage } from '../../../../../runtime/platform/winpe/layout-of-image.ts';
import { MEDIUM_ID } from '../../../../helpers/fake-medium.ts';
import { temporaryFolder } from '../../../../helpers/temporary-folder.ts';

const IDENTITY = stickIdentity(MEDIUM_ID);
const SECTORS = 200_000;
const DATA = { role: 'data', fileSystem: 'exfat', start: 2048, sectors: 100_000 } as const;
const BOOT = { role: 'boot', fileSystem: 'fat32', start: 104_448, sectors: 40_960 } as const;

async function image(style?: 'gpt' | 'mbr', partitions: readonly (typeof DATA | typeof BOOT)[] = [DATA, BOOT]) {
  const path = join(await temporaryFolder(), 'disk');
  await using file = await open(path, 'w');
  await file.truncate(SECTORS * 512);
  if (style === undefined) return path;
  const { first, last } = partitionTable(style, partitions, {
    sectors: SECTORS,
    identity: IDENTITY,
    bootCode: undefined,
  });
  for (const { data, offset } of [...first, last]) await file.write(data, 0, data.length, offset);
  return path;
}

it.each(['gpt', 'mbr'] as const)('the table of an image of ours: %s', async (style) => {
  const layout = layoutOfImage(await image(style));
  const id = style === 'gpt' ? IDENTITY.diskGuid.toUpperCase() : IDENTITY.diskSignature.toString(16).padStart(8, '0');
  expect(layout).toMatchObject({ style, identity: id });
  expect(layout?.partitions.map(({ number, startBytes, bytes }) => [number, startBytes / 512, bytes / 512])).toEqual([
    [1, DATA.start, DATA.sectors],
    [2, BOOT.start, BOOT.sectors],
  ]);
  const guids = layout?.partitions.map(({ guid }) => guid?.toLowerCase());
  expect(guids?.[1]).toBe(style === 'gpt' ? IDENTITY.partitionGuid('boot').toLowerCase() : undefined);
});

it('nothing without a partition, without a table or without a file', async () => {
  expect(layoutOfImage(await image('gpt', []))).toBeUndefined();
  expect(layoutOfImage(await image())).toBeUndefined();
  expect(layoutOfImage('/nowhere')).toBeUndefined();
});
