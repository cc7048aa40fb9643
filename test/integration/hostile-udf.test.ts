import { mkdtemp, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPlace } from '../../builder/placed-content.ts';
import { udfParts } from '../../builder/sources/iso/udf-parts.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { allocations, BLOCK_BYTES, editUdf, fileEntry, seal, type UdfEditor } from '../helpers/udf-blocks.ts';
import { copyOf, FILES, LARGE, LARGEST_EXTENT, largeFile, makeUdf, noise } from '../helpers/udf-image.ts';

let room: string;
let udf: string;
beforeAll(async () => {
  room = await mkdtemp(join(tmpdir(), 'mediasmith-hostile-'));
  udf = await makeUdf(room);
});
afterAll(() => rm(room, { recursive: true, force: true }));

describe('a damaged or hostile UDF image', () => {
  const PATHS = Object.keys(FILES).filter((path) => path !== 'empty');

  it('gives right places or none, whatever byte of its descriptors and folders is another', async () => {
    const image = await copyOf(udf);
    await using editor = await editUdf(image);
    const right = await udfParts(image, PATHS);
    expect(right.size).toBe(PATHS.length);
    let missing = 0;
    const first = Math.min(...[...right.values()].flat().map(({ offset }) => offset));
    for (const sector of await descriptors(editor, first / BLOCK_BYTES)) {
      const whole = await editor.sector(sector);
      for (let at = 0; at < BLOCK_BYTES; at += at < 48 ? 1 : 37) {
        const broken = Buffer.from(whole);
        broken[at] = (whole[at] ?? 0) ^ 0x41;
        await editor.write(sector, broken);
        const found = await udfParts(image, PATHS);
        missing += PATHS.length - found.size;
        for (const [path, parts] of found) expect(parts, `${path}, byte ${at} of ${sector}`).toEqual(right.get(path));
      }
      await editor.write(sector, whole);
    }
    expect(missing).toBeGreaterThan(1000);
  });

  it.each<[string, number, (descriptor: Buffer) => void]>([
    ['a sequence of descriptors that is too short', 2, (anchor) => anchor.writeUInt32LE(2 * BLOCK_BYTES, 16)],
    ['a sequence of descriptors that does not end', 8, (end) => end.writeUInt16LE(7, 0)],
    ['a sequence behind the end', 2, (anchor) => anchor.writeUInt32LE(0xfffffff0, 20)],
    ['a partition behind the end', 5, (partition) => partition.writeUInt32LE(0xfffffff0, 188)],
    ['a partition that is too short', 5, (partition) => partition.writeUInt32LE(2, 192)],
    ['a partition of another number', 5, (partition) => partition.writeUInt16LE(7, 22)],
    ['blocks of 512 bytes', 6, (volume) => volume.writeUInt32LE(512, 212)],
    ['two partition maps', 6, (volume) => volume.writeUInt32LE(2, 268)],
    ['a metadata partition', 6, (volume) => volume.set([2, 64], 440)],
    ['a file set of another partition', 6, (volume) => volume.writeUInt16LE(1, 256)],
    ['a file set behind the end', 6, (volume) => volume.writeUInt32LE(0xfffffff0, 252)],
    ['a root that is not recorded', 256, (fileSet) => fileSet.writeUInt32LE(0x40000800, 400)],
    ['a root that is the file set itself', 256, (fileSet) => fileSet.copy(fileSet, 404, 12, 16)],
  ])('with %s has no places', async (_, tag, change) => {
    const image = await copyOf(udf);
    await using editor = await editUdf(image);
    await editor.change(tag === 2 ? 256 : await editor.find(tag), change);
    expect(await udfParts(image, PATHS)).toEqual(new Map());
  });

  it.each<[string, number]>([
    ['two partitions', 5],
    ['two volumes', 6],
    ['descriptors that go on elsewhere', 3],
  ])('with %s has no places', async (_, tag) => {
    const image = await copyOf(udf);
    await using editor = await editUdf(image);
    const end = await editor.find(8);
    const other = tag === 3 ? Buffer.alloc(BLOCK_BYTES) : await editor.sector(await editor.find(tag));
    await editor.write(end, seal(other, { id: tag, block: end }));
    await editor.write(end + 1, seal(Buffer.alloc(BLOCK_BYTES), { id: 8, block: end + 1 }));
    expect(await udfParts(image, PATHS)).toEqual(new Map());
  });

  it('with a folder in itself, or of any size, ends', async () => {
    const image = await copyOf(udf);
    await using editor = await editUdf(image);
    const fileSet = await editor.sector(await editor.find(256));
    const root = editor.start + fileSet.readUInt32LE(404);
    const folderAt = async (sector: number) => (await editor.sector(sector)).readUInt32LE(176 + 4) + editor.start;
    const identifiers = await editor.sector(await folderAt(root));
    const again = identifiers.subarray(identifiers.indexOf('deep') - 39);
    again.writeUInt32LE(root - editor.start, 24);
    seal(again, { crcBytes: again.readUInt16LE(10) });
    await editor.write(await folderAt(root), identifiers);
    const round = `${'deep/'.repeat(1000)}large.bin`;
    const found = await udfParts(image, [round, 'large.bin', 'deep/deep', `${'deep/'.repeat(1000)}none`]);
    expect([...found.keys()]).toEqual([round, 'large.bin']);

    for (const bytes of [2n ** 64n - 1n, 2n ** 40n, 2n ** 30n]) {
      const content = allocations([{ bytes: LARGEST_EXTENT, block: 300 }], 'short');
      await editor.write(root, fileEntry(root - editor.start, { bytes, content, form: 0, folder: true }));
      expect(await udfParts(image, PATHS)).toEqual(new Map());
    }
  });

  it('with a file that leads out of it has no place for it', async () => {
    const image = await copyOf(udf);
    await using editor = await editUdf(image);
    const { block, entry } = await largeFile(editor);
    for (const extent of [
      { bytes: LARGE.length, block: 0xfffffff0 },
      { bytes: LARGE.length, block: block + 10_000 },
    ]) {
      const content = allocations([extent], 'short');
      await editor.write(entry, fileEntry(entry - editor.start, { bytes: LARGE.length, content, form: 0 }));
      const found = await udfParts(image, PATHS);
      expect([...found.keys()]).toEqual(PATHS.filter((path) => path !== 'large.bin'));
    }
  });

  it('that is cut has no places for what is cut off', async () => {
    const image = await copyOf(udf);
    const { size } = await stat(image);
    for (let bytes = size; bytes > 0; bytes -= 50_000) {
      await truncate(image, bytes);
      for (const [path, parts] of await udfParts(image, PATHS)) {
        const content = await readPlace({ file: image, parts });
        expect(content.equals(FILES[path as keyof typeof FILES]), path).toBe(true);
      }
    }
  });

  it('is something else: nothing, noise, a folder of zeros', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { nothing: '', noise: noise(2_000_000, 9), zeros: Buffer.alloc(2_000_000) });
    for (const name of ['nothing', 'noise', 'zeros'])
      expect(await udfParts(join(folder, name), ['a'])).toEqual(new Map());
  });
});

/** The anchor, the volume's descriptors, and everything of the partition before the content of its first file. */
async function descriptors(editor: UdfEditor, end: number): Promise<number[]> {
  const sequence = (await editor.sector(256)).readUInt32LE(20);
  const volume = Array.from({ length: (await editor.find(8)) - sequence + 1 }, (_, index) => sequence + index);
  const partition: number[] = [];
  for (let sector = editor.start; sector < end; sector++)
    if ((await editor.sector(sector)).some((byte) => byte !== 0)) partition.push(sector);
  return [256, ...volume, ...partition];
}
