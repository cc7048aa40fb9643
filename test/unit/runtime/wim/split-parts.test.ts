import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSplitParts, partPath } from '../../../../runtime/wim/split-parts.ts';
import type { WimInfo } from '../../../../runtime/wim/wim-info.ts';

const GUID = '00112233445566778899aabbccddeeff';
const FIRST: WimInfo = {
  guid: GUID,
  compression: 'LZX',
  imageCount: 1,
  bootIndex: 0,
  totalParts: 3,
  partNumber: 1,
  hasIntegrityTable: false,
  esdFormat: false,
  pipable: false,
  unfinished: false,
  chunkSize: 32768,
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wim-parts-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function part(name: string, number: number, guid = GUID): Promise<void> {
  const header = Buffer.alloc(208);
  header.write('MSWIM', 0);
  header.write(guid, 24, 'hex');
  header.writeUInt16LE(number, 40);
  header.writeUInt16LE(3, 42);
  await writeFile(join(folder, name), header);
}

describe('findSplitParts', () => {
  it('finds the parts beside the first', async () => {
    await part('install2.swm', 2);
    await part('install3.swm', 3);
    expect(await findSplitParts(join(folder, 'install.swm'), FIRST)).toEqual([
      join(folder, 'install2.swm'),
      join(folder, 'install3.swm'),
    ]);
  });

  it('names the part that is missing', async () => {
    await part('install2.swm', 2);
    await expect(findSplitParts(join(folder, 'install.swm'), FIRST)).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: 'part 3 of 3 of the split WIM is missing',
      where: join(folder, 'install3.swm'),
    });
  });

  it.each([
    ['of another image', 2, 'ff'.repeat(16)],
    ['with another number', 3, GUID],
  ])('refuses a part %s', async (_, number, guid) => {
    await part('install2.swm', number, guid);
    await expect(findSplitParts(join(folder, 'install.swm'), FIRST)).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      where: join(folder, 'install2.swm'),
    });
  });

  it('refuses a part that is a folder', async () => {
    await mkdir(join(folder, 'install2.swm'));
    await expect(findSplitParts(join(folder, 'install.swm'), FIRST)).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      message: expect.stringContaining('folder'),
      where: join(folder, 'install2.swm'),
      hint: expect.stringMatching(/\w/),
    });
  });

  it('refuses to begin with another part than the first', async () => {
    await expect(findSplitParts(join(folder, 'install2.swm'), { ...FIRST, partNumber: 2 })).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      hint: expect.stringContaining('first part'),
    });
  });
});

it('puts the number before the extension', () => {
  expect(partPath('/images/install.swm', 2)).toBe('/images/install2.swm');
  expect(partPath('/images/win.11.swm', 12)).toBe('/images/win.1112.swm');
});
