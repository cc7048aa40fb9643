import { open as openFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../builder/demo/random.ts';
import { EXFAT } from '../../builder/volumes/exfat/index.ts';
import { exec } from '../../runtime/host/exec.ts';

import {
  attached,
  blank,
  code,
  contentOf,
  contentsBelow,
  expectClean,
  expectCutsHarmless,
  expectWhole,
  foreign,
  formatted,
  freeClusters,
  GIB,
  LATER,
  MIB,
  MOUNTS,
  mounted,
  OPTIONS,
  randomFiles,
  SECTOR,
  sized,
  TIME,
} from './exfat-image.ts';

const FILES = sized({
  'mediasmith/manifest.json': 12_345,
  'mediasmith/empty.dat': 0,
  'mediasmith/images/install.wim': 1_500_000,
  'mediasmith/images/a rather long name, with spaces and a few.dots.in.it.wim': 40_000,
  'Grüße/Ωmega – 日本語/😀 names.txt': 4096,
  'one.byte': 1,
});

describe('a new volume', () => {
  test('passes fsck.exfat, and open reads every file', async () => {
    const image = await formatted(FILES, EXFAT.bytesFor(FILES, 0));
    await expectWhole(image);
    expect(await image.open()).toMatchObject({ label: 'Medium ü', volumeId: '0ab34cde', bytes: await image.size() });
  });

  test.runIf(MOUNTS)('is read by exfat-fuse, with every name, byte and time', async () => {
    const image = await formatted(FILES, 20 * MIB);
    await mounted(image, async (root) => {
      expect(await contentsBelow(root)).toEqual(image.contents);
      expect((await stat(join(root, 'one.byte'))).mtime).toEqual(new Date(TIME * 1000));
      expect((await stat(join(root, 'Grüße'))).mtime).toEqual(new Date(TIME * 1000));
    });
  });

  test.each([
    [MIB, 4],
    [10 * MIB, 4],
    [16 * MIB, 4],
    [16 * MIB + SECTOR, 4],
    [256 * MIB, 4],
    [256 * MIB + SECTOR, 32],
    [9000 * MIB + 7 * SECTOR, 32],
    [32 * GIB, 32],
    [60_000 * MIB, 128],
  ])('of %i bytes has clusters of %i KiB and passes fsck.exfat', async (bytes, clusterKib) => {
    const image = await formatted(sized({ 'a/b.txt': 5000 }), bytes);
    await expectWhole(image);
    const { stdout } = await exec(['dump.exfat', image.path]);
    expect(Number(/^Cluster size:\s+(\d+)/m.exec(stdout)?.[1])).toBe(clusterKib * 1024);
    const sectorsPerCluster = (clusterKib * 1024) / SECTOR;
    const heap = Number(/Cluster Heap Offset.*:\s+(\d+)/.exec(stdout)?.[1]);
    expect(Number(/^Cluster Count:\s+(\d+)/m.exec(stdout)?.[1])).toBe(
      Math.floor((bytes / SECTOR - heap) / sectorsPerCluster),
    );
    expect((await image.open()).freeBytes).toBe(((await freeClusters(image)) - 2) * clusterKib * 1024);
  });

  test.each([0, 50 * MIB, 300 * MIB, 40 * GIB])('is the smallest with %i bytes free', async (free) => {
    const bytes = EXFAT.bytesFor(FILES, free);
    const room = sized({ room: free });
    EXFAT.format([...FILES, ...room], { ...OPTIONS, bytes });
    const more = { path: 'room', bytes: free + 256 * 1024 };
    expect(() => EXFAT.format([...FILES, more], { ...OPTIONS, bytes })).toThrow(code('NO_SPACE'));
    const smaller = () => EXFAT.format([...FILES, ...room], { ...OPTIONS, bytes: bytes - SECTOR });
    if (free === 50 * MIB || free === 40 * GIB) expect(smaller).toThrow(code('NO_SPACE'));
  });

  test('is the same for the same input, whatever lay there before', async () => {
    const images = await Promise.all([0, 0xff].map((fill) => formatted(FILES, 12 * MIB, fill)));
    expect(images[0]?.plan).toEqual(images[1]?.plan);
    for (const image of images) await expectWhole(image);
  });

  test('is none before its last write but one', async () => {
    const image = await formatted(FILES, 12 * MIB);
    const again = EXFAT.format(FILES, { ...OPTIONS, bytes: 12 * MIB });
    for (const write of again.prepare) {
      await image.apply([write]);
      await expect(image.open()).rejects.toMatchObject({ code: 'MEDIUM_INVALID' });
    }
    await image.apply(again.commit);
    await expectWhole(image);
  });

  test('holds a file above 4 GiB', async () => {
    const large = { path: 'large.wim', bytes: 5 * GIB + 1 };
    const image = await formatted([], 6 * GIB);
    const plan = EXFAT.format([large], { ...OPTIONS, bytes: 6 * GIB });
    await image.apply([...plan.prepare, ...plan.commit]);
    const [extent, ...more] = plan.files.get('large.wim') ?? [];
    expect([extent?.bytes, more.length]).toEqual([large.bytes, 0]);
    await image.apply([{ offset: (extent?.offset ?? 0) + 5 * GIB, data: Buffer.from('!') }]);
    await expectClean(image);
    expect((await image.open()).files.get('large.wim')).toEqual({ ...large, extents: [extent] });
    if (!MOUNTS) return;
    await mounted(image, async (root) => {
      await using file = await openFile(join(root, 'large.wim'));
      expect((await file.stat()).size).toBe(large.bytes);
      expect((await file.read(Buffer.alloc(2), 0, 2, 5 * GIB)).buffer.toString('latin1')).toBe('!\0');
    });
  });
});

describe('an update', () => {
  const changes = {
    remove: ['one.byte', 'Grüße/Ωmega – 日本語/😀 names.txt', 'not/there.txt'],
    write: sized({
      'mediasmith/manifest.json': 13_000,
      'New folder/new.txt': 700,
      'mediasmith/IMAGES/more.bin': 200_000,
    }),
    time: LATER,
  };

  test('leaves what it does not name', async () => {
    const image = await formatted(FILES, 20 * MIB);
    const before = await image.open();
    await image.update(changes);
    await expectWhole(image);
    const { files } = await image.open();
    const kept = 'mediasmith/images/install.wim';
    expect(files.get(kept)).toEqual(before.files.get(kept));
    expect([...files.keys()]).toContain('mediasmith/images/more.bin');
    if (!MOUNTS) return;
    await mounted(image, async (root) => {
      expect(await contentsBelow(root)).toEqual(image.contents);
      expect(await readdir(root)).not.toContain('Grüße');
      expect((await stat(join(root, kept))).mtime).toEqual(new Date(TIME * 1000));
      expect((await stat(join(root, 'New folder/new.txt'))).mtime).toEqual(new Date(LATER * 1000));
    });
  });

  test('can be done again and again, and gives back what it took', async () => {
    const image = await formatted(FILES, 12 * MIB);
    const { freeBytes } = await image.open();
    const free = await freeClusters(image);
    for (let round = 1; round <= 5; round++) {
      await image.update({ remove: [], write: sized({ 'one.byte': 1 }), time: TIME + round });
      await expectWhole(image);
      expect((await image.open()).freeBytes).toBe(freeBytes);
      expect(await freeClusters(image)).toBe(free);
    }
  });

  test('takes the gaps there are where none is large enough', async () => {
    const parts = Array.from({ length: 40 }, (_, index) => ({ path: `part ${index}`, bytes: 100_000 }));
    const image = await formatted(parts, 5 * MIB);
    await image.update({ remove: parts.filter((_, at) => at % 2).map(({ path }) => path), write: [], time: LATER });
    await image.update({ remove: [], write: sized({ 'scattered.bin': 2_000_000 }), time: LATER });
    expect((await image.open()).files.get('scattered.bin')?.extents.length).toBeGreaterThan(5);
    await expectWhole(image);
    await image.update({ remove: ['part 0'], write: sized({ 'small.bin': 1 }), time: LATER });
    await expectWhole(image);
    if (MOUNTS) await mounted(image, async (root) => expect(await contentsBelow(root)).toEqual(image.contents));
  });

  test('asks for room for old and new together', async () => {
    const image = await formatted(sized({ 'a.bin': 6 * MIB }), 10 * MIB);
    const volume = await image.open();
    const replace = () => volume.update({ remove: ['a.bin'], write: sized({ 'a.bin': 6 * MIB }), time: LATER });
    expect(replace).toThrow(code('NO_SPACE'));
  });

  test('fills exactly what is said to be free', async () => {
    const image = await formatted(FILES, 12 * MIB);
    const { freeBytes } = await image.open();
    await image.update({ remove: [], write: sized({ 'full.bin': freeBytes }), time: LATER });
    await expectWhole(image);
  });

  test('cut after any write leaves the old or the new files whole', async () => {
    const image = await formatted(FILES, 8 * MIB);
    await expectCutsHarmless(image, changes);
  });

  test('of a volume that was cut before its switch takes its clusters again', async () => {
    const image = await formatted(FILES, 8 * MIB);
    const free = await freeClusters(image);
    await image.apply((await image.open()).update(changes).prepare);
    expect(await freeClusters(image)).toBeLessThan(free);
    await image.update({ remove: [], write: sized({ 'one.byte': 1 }), time: LATER });
    await expectWhole(image);
    expect(await freeClusters(image)).toBe(free);
  });

  test('of one small file on 8 GiB writes less than 1 MB', async () => {
    const image = await formatted(FILES, 8 * GIB);
    const plan = await image.update({ remove: [], write: sized({ 'mediasmith/manifest.json': 900 }), time: LATER });
    const writes = [...plan.prepare, ...plan.commit, ...plan.finish];
    expect(writes.reduce((sum, { data }) => sum + data.length, 900)).toBeLessThan(100_000);
    await expectWhole(image);
  });

  test('of a volume with 10,000 files passes fsck.exfat', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => ({ path: `many/A long name ${index}.txt`, bytes: 1 }));
    const image = await formatted(many, 100 * MIB);
    const remove = many.filter((_, index) => index % 3 === 0).map(({ path }) => path);
    await image.update({ remove, write: sized({ 'many/x.txt': 1 }), time: LATER });
    await expectClean(image);
    expect((await image.open()).files.size).toBe(image.contents.size);
  });
});

describe.runIf(MOUNTS)('a volume of mkfs.exfat, filled by exfat-fuse', () => {
  test.each(['512', '4K', '128K', '2M'])('is read and updated, clusters of %s', async (clusterSize) => {
    const image = await foreign(clusterSize);
    await expectWhole(image);
    await image.update({
      remove: ['kept/5.bin'],
      write: sized({ 'KEPT/6.bin': 70_000, 'new/日本.txt': 3 }),
      time: LATER,
    });
    await expectWhole(image);
    await mounted(image, async (root) => {
      expect(await contentsBelow(root)).toEqual(image.contents);
      expect(await readdir(join(root, 'empty folder'))).toEqual([]);
      expect((await stat(join(root, 'kept/7.bin'))).mtime).toEqual(new Date('2001-02-03T04:05:06Z'));
    });
    expect((await image.open()).label).toBe('FOREIGN');
  });

  test('is read and updated, sectors of 4096 bytes', async () => {
    const image = await blank(64 * MIB);
    await attached(image, 4096, (device) => exec(['mkfs.exfat', device]));
    await image.update({ remove: [], write: sized({ 'folder/first.bin': 70_000, 'second.bin': 3 }), time: LATER });
    const plan = await image.update({ remove: ['second.bin'], write: sized({ 'third.bin': 5 }), time: LATER });
    expect(plan.commit.map(({ offset, data }) => [offset, data.length])).toEqual(
      [12, 23, 0, 11].map((sector) => [sector * 4096, 4096]),
    );
    await expectWhole(image);
    await mounted(image, async (root) => expect(await contentsBelow(root)).toEqual(image.contents), 4096);
  });

  test('stays whole through a cut', async () => {
    const image = await foreign('4K');
    await expectCutsHarmless(image, { remove: ['kept/5.bin'], write: sized({ 'kept/6.bin': 70_000 }), time: LATER });
  });

  test('can be changed by another program after an update', async () => {
    const image = await formatted(FILES, 20 * MIB);
    await image.update({ remove: ['one.byte'], write: sized({ 'mediasmith/more.bin': 90_000 }), time: LATER });
    const theirs = contentOf({ path: 'theirs', bytes: 300_000 });
    await mounted(image, (root) => writeFile(join(root, 'mediasmith/theirs.bin'), theirs));
    image.contents.set('mediasmith/theirs.bin', theirs);
    await expectWhole(image);
  });
});

describe('volumes of random names', () => {
  test.each([1, 2, 3])('hold them through updates, seed %i', async (seed) => {
    const random = seededRandom(seed);
    const image = await formatted(randomFiles(random, 300, []), 24 * MIB);
    await expectWhole(image);
    for (let round = 1; round <= 3; round++) {
      const paths = [...image.contents.keys()];
      const remove = paths.filter(() => random() < 0.2);
      const kept = paths.filter((path) => !remove.includes(path));
      await image.update({ remove, write: randomFiles(random, 60, kept), time: TIME + round });
      await expectWhole(image);
    }
    if (MOUNTS) await mounted(image, async (root) => expect(await contentsBelow(root)).toEqual(image.contents));
  });
});

test.each([
  ['an empty disk', undefined],
  ['FAT32', ['mkfs.fat', '-F', '32']],
  ['NTFS', ['mkntfs', '-F', '-Q']],
] as const)('what is no exFAT volume is refused: %s', async (_, make) => {
  const image = await blank(40 * MIB);
  if (make) await exec([...make, image.path]);
  await expect(image.open()).rejects.toMatchObject({ code: 'MEDIUM_INVALID' });
});

test('a volume that was cut short is refused', async () => {
  const image = await formatted(FILES, 12 * MIB);
  await exec(['truncate', '--size', '11M', image.path]);
  await expect(image.open()).rejects.toMatchObject({ code: 'MEDIUM_CORRUPT' });
});
