import { open as openFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../builder/demo/random.ts';
import { FAT32 } from '../../builder/volumes/fat32/index.ts';
import type { OpenedVolume } from '../../builder/volumes/volume.ts';
import { exec } from '../../runtime/host/exec.ts';
import { growth, LINEAR } from '../helpers/growth.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { expectMounted, expectOpened, expectReadable, expectWhole, fsck, MOUNTS, mtools } from './fat32-checks.ts';
import { after, filesOf, foreign, formatted, LATER, MIB, readerOf, sectorsOf, steps, TIME } from './fat32-image.ts';
import { randomFiles } from './fat32-names.ts';

const FILES = filesOf({
  'EFI/BOOT/BOOTX64.EFI': 90_000,
  'boot/grub/grub.cfg': 700,
  bootmgr: 5000,
  'mediasmith/manifest.json': 12_345,
  'mediasmith/readme.TXT': 1,
  'Sources/A rather long name, with spaces and a few.dots.in.it.wim': 1_500_000,
  'Sources/empty.dat': 0,
  'Grüße/Ωmega – 日本語/😀 names.txt': 4096,
  'Mixed.Case': 512,
});

/** Clusters that nothing leads to and their sum, and copies of a FAT or boot sector of which one is not written yet. */
const LEFT_BY_A_CUT = new RegExp(
  [
    '^FATs differ but appear to be intact\\.$',
    '^  Using first FAT\\.$',
    '^Reclaimed \\d+ unused clusters? \\(\\d+ bytes\\)\\.$',
    '^Free cluster summary wrong \\(\\d+ vs\\. really \\d+\\)$',
    '^  Auto-correcting\\.$',
    '^There are differences between boot sector and its backup\\.$',
    '^This is mostly harmless\\. Differences: \\(offset:original/backup\\)$',
    '^  4[4-7]:[0-9a-f/]+(, 4[4-7]:[0-9a-f/]+)*$',
    '^  Not automatically fixing this\\.$',
    '^Leaving filesystem unchanged\\.$',
    '^exit 1$',
  ].join('|'),
);

describe('a new volume', () => {
  test('passes fsck.fat, and mtools and open read every file', async () => {
    const image = await formatted(FILES, FAT32.bytesFor(FILES, 0));
    await expectWhole(image, image.contents);
    const volume = await image.open();
    expect(volume).toMatchObject({ label: 'MEDIUM', volumeId: '12ab34cd', bytes: FAT32.bytesFor(FILES, 0) });
  });

  test('needs no long names where the case of both parts is one', async () => {
    const image = await formatted(FILES, 64 * MIB);
    const { stdout } = await mtools('mdir', image.path, ['::/mediasmith']);
    expect(stdout).toMatch(/^manife~1 jso +12345 2026-05-17 +9:41 +manifest\.json$/im);
    expect(stdout).toMatch(/^readme +TXT +1 2026-05-17 +9:41 *$/m);
  });

  test.each([40 * MIB, 100 * MIB, 200 * MIB, 300 * MIB, 1025 * MIB, 9000 * MIB, 17_000 * MIB, 40_000 * MIB])(
    'of %i bytes passes fsck.fat with all the room promised',
    async (bytes) => {
      const image = await formatted(FILES, bytes);
      expect(await fsck(image)).toEqual([]);
      const volume = await image.open();
      expect(volume.files.size).toBe(FILES.length);
      expect(volume.freeBytes).toBeGreaterThan(bytes * 0.98 - 4 * MIB);
    },
  );

  test('has room for what was asked for, and not for much more', async () => {
    const free = 50 * MIB;
    const image = await formatted(FILES, FAT32.bytesFor(FILES, free));
    const volume = await image.open();
    expect(volume.freeBytes).toBeGreaterThan(free - MIB);
    expect(volume.freeBytes).toBeLessThan(free + MIB);
    await expect(formatted(FILES, 10 * MIB)).rejects.toMatchObject({ code: 'NO_SPACE' });
    const most = filesOf({ 'large.bin': 50 * MIB });
    const exact = await formatted(most, FAT32.bytesFor(most, 0));
    await expectWhole(exact, exact.contents);
  });

  test('is the same for the same input, whatever lay there before', async () => {
    const images = await Promise.all([0, 0xff].map((fill) => formatted(FILES, 40 * MIB, fill)));
    const [one, other] = images.map(({ plan }) => plan);
    expect(one).toEqual(other);
    for (const image of images) await expectWhole(image, image.contents);
  });

  test.runIf(MOUNTS)('is mounted by a Linux that knows vfat, with every name and byte', async () => {
    const image = await formatted(FILES, 40 * MIB);
    await expectMounted(image, image.contents);
  });
});

describe('an update', () => {
  const changes = {
    remove: ['bootmgr', 'Grüße/Ωmega – 日本語/😀 names.txt', 'not/there.txt'],
    write: filesOf({ 'mediasmith/manifest.json': 13_000, 'New folder/new.txt': 700, 'Sources/more.bin': 200_000 }),
    time: LATER,
  };

  test('leaves what it does not name, on a volume of ours', async () => {
    const image = await formatted(FILES, 40 * MIB);
    await image.update(changes);
    await expectWhole(image, image.contents);
    if (MOUNTS) await expectMounted(image, image.contents);
    const { stdout } = await mtools('mdir', image.path, ['-a', '::/']);
    expect(stdout).not.toContain('Grüße');
    expect(stdout).toMatch(/^MIXED~1 +CAS +512 2026-05-17 +9:41 +Mixed\.Case$/im);
    expect(stdout).toMatch(/^NEWFOL~1 +<DIR> +2026-05-18 +9:41 +New folder$/m);
  });

  test('leaves names, attributes and times of a volume of mkfs.fat and mtools', async () => {
    const image = await foreign();
    const listed = async () => {
      const { stdout } = await mtools('mdir', image.path, ['-a', '-/', '::/']);
      const attributes = await mtools('mattrib', image.path, ['-/', '::/']);
      return { names: stdout.split('\n').filter((line) => /OWN|own|Präs/.test(line)), attributes: attributes.stdout };
    };
    const before = await listed();
    expect(before.names.length).toBeGreaterThan(3);
    expect(before.attributes).toContain('HR');
    await image.update({
      remove: [],
      write: filesOf({ 'mediasmith/new file of ours.txt': 7000, 'ownfil~1.txt': 10 }),
      time: LATER,
    });
    const now = await listed();
    // The new file has the name that was the short one of another.
    const kept = before.names.filter((line) => !/^OWNFIL~1 /i.test(line));
    expect(kept).toHaveLength(before.names.length - 1);
    expect(now.names).toEqual(expect.arrayContaining(kept));
    expect(now.attributes.split('\n').filter((line) => line.includes('HR'))).toEqual(
      before.attributes.split('\n').filter((line) => line.includes('HR')),
    );
    await expectWhole(image, image.contents);
    expect(await image.open()).toMatchObject({ label: 'FOREIGN' });
  });

  test.each([
    ['sectors of 4 KiB', ['-S', '4096', '-s', '1'], 280],
    ['one FAT', ['-f', '1'], 280],
    ['clusters of 64 KiB', ['-s', '128'], 4300],
  ])('goes with what mkfs.fat makes: %s', async (_, options, mebibytes) => {
    const image = await foreign(options, mebibytes * MIB);
    await image.update(changes);
    await expectWhole(image, image.contents);
  });

  test('finds folders and files by names in other letters', async () => {
    const image = await formatted(FILES, 40 * MIB);
    const volume = await image.open();
    const plan = volume.update({
      remove: ['BOOTMGR'],
      write: filesOf({ 'sources/NEW': 3, 'mixed.case': 4 }),
      time: LATER,
    });
    expect([...plan.files.keys()].sort()).toEqual(['mixed.case', 'sources/NEW']);
    await image.apply([...plan.prepare, ...plan.commit, ...plan.finish]);
    const names = [...(await image.open()).files.keys()];
    expect(names.filter((name) => /new|mixed|bootmgr/i.test(name)).sort()).toEqual(['Sources/NEW', 'mixed.case']);
    expect(await fsck(image)).toEqual([]);
  });

  test('can be done again and again, and gives back what it took', async () => {
    const image = await formatted(FILES, 40 * MIB);
    const free = (await image.open()).freeBytes;
    for (let round = 1; round <= 5; round++) {
      await image.update({ remove: [], write: filesOf({ bootmgr: 5000 }), time: TIME + round });
      await expectWhole(image, image.contents);
      expect((await image.open()).freeBytes).toBe(free);
    }
  });

  test('asks for room for old and new together', async () => {
    const image = await formatted(filesOf({ 'a.bin': 25 * MIB }), 40 * MIB);
    const volume = await image.open();
    const replace = () => volume.update({ remove: ['a.bin'], write: filesOf({ 'a.bin': 25 * MIB }), time: LATER });
    expect(replace).toThrow(expect.objectContaining({ code: 'NO_SPACE' }));
  });

  test.each(['ours', 'of mkfs.fat'])('cut after any write leaves the old or the new files whole: %s', async (whose) => {
    const image = whose === 'ours' ? await formatted(FILES, 40 * MIB) : await foreign();
    const old = new Map(image.contents);
    const cut = { ...changes, remove: whose === 'ours' ? changes.remove : ['own file 2.txt'] };
    const plan = (await image.open()).update(cut);
    const fresh = after(image, cut);
    const { content, switched, writes } = steps(plan, fresh, cut.write);
    for (const [index, write] of [...content, ...writes].entries()) {
      await image.apply([write]);
      const expected = index - content.length >= switched ? fresh : old;
      await expectReadable(image, expected);
      expect((await fsck(image)).filter((line) => !LEFT_BY_A_CUT.test(line))).toEqual([]);
    }
    await expectWhole(image, fresh);
  });

  test('cut after any sector leaves the old or the new files whole, and the next one takes its clusters again', async () => {
    const image = await formatted(FILES, 40 * MIB);
    const old = new Map(image.contents);
    const plan = (await image.open()).update(changes);
    const fresh = after(image, changes);
    const { content, switched, writes } = steps(plan, fresh, changes.write);
    await image.apply(content);
    for (const [index, write] of writes.entries()) {
      for (const sector of sectorsOf(write)) {
        await image.apply([sector]);
        await expectOpened(image, index >= switched ? fresh : old);
      }
      if (index < plan.prepare.length + 1) continue;
      const copy = await image.copy();
      await copy.update({ remove: [], write: [], time: LATER });
      await expectWhole(copy, fresh);
    }
  });

  test('of a volume whose last one was cut leaves no lost clusters', async () => {
    const image = await formatted(FILES, 40 * MIB);
    const plan = (await image.open()).update(changes);
    await image.apply(plan.prepare.slice(0, -1));
    expect(await fsck(image)).not.toEqual([]);
    await image.update({ remove: [], write: filesOf({ bootmgr: 5000 }), time: LATER });
    await expectWhole(image, image.contents);
  });

  test('of one small file on 8 GiB writes less than 1 MB', async () => {
    const image = await formatted(FILES, 8192 * MIB);
    const plan = await image.update({ remove: [], write: filesOf({ 'boot/grub/grub.cfg': 900 }), time: LATER });
    const written = [...plan.prepare, ...plan.commit, ...plan.finish].reduce((sum, { data }) => sum + data.length, 900);
    expect(written).toBeLessThan(1_000_000);
    await expectWhole(image, image.contents);
  });

  test('takes time that grows with the files of the volume', async () => {
    const volumes = new Map<number, OpenedVolume>();
    for (const count of [2500, 10_000]) {
      const many = Array.from({ length: count }, (_, index) => ({
        path: `many/A long name ${index}.txt`,
        bytes: index,
      }));
      const image = await formatted(many, 300 * MIB);
      volumes.set(count, await image.open());
      expect(await fsck(image)).toEqual([]);
    }
    const remove = Array.from({ length: 9 }, (_, index) => `many/A long name ${index}.txt`);
    const update = (count: number) =>
      volumes.get(count)?.update({ remove, write: filesOf({ 'x.txt': 1 }), time: LATER });
    expect(growth(update, 2500)).toBeLessThan(LINEAR);
  });
});

describe('volumes of random names', () => {
  test.each([1, 2, 3])('hold them through updates, seed %i', async (seed) => {
    const random = seededRandom(seed);
    const files = randomFiles(random, 400, []);
    const image = await formatted(files, 60 * MIB);
    await expectWhole(image, image.contents);
    for (let round = 1; round <= 3; round++) {
      const paths = [...image.contents.keys()];
      const remove = paths.filter(() => random() < 0.2);
      const kept = paths.filter((path) => !remove.includes(path));
      const write = randomFiles(random, 80, kept);
      await image.update({ remove, write, time: TIME + round });
      await expectWhole(image, image.contents);
    }
    if (MOUNTS) await expectMounted(image, image.contents);
  });
});

test.each([
  ['FAT16', ['mkfs.fat', '-F', '16']],
  ['FAT12', ['mkfs.fat', '-F', '12', '-s', '64']],
  ['exFAT', ['mkfs.exfat']],
  ['nothing', ['truncate', '--size', '40M']],
] as const)('%s is refused', async (_, [program, ...args]) => {
  const path = join(await temporaryFolder(), 'image');
  await exec(['truncate', '--size', '40M', path]);
  await exec([program, ...args, path]);
  const file = await openFile(path);
  await expect(FAT32.open(readerOf(file))).rejects.toMatchObject({ code: 'MEDIUM_INVALID' });
  await file.close();
  await rm(path);
});
