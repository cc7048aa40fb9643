import { link, lstat, open, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inspectMedium } from '../../builder/inspect/inspect-medium.ts';
import { openMedium } from '../../builder/inspect/open-medium.ts';
import { readMediumManifest } from '../../builder/inspect/read-manifest.ts';
import { verifyMedium } from '../../builder/inspect/verify-medium.ts';
import { fromFile } from '../../builder/media-tree.ts';
import { stickIdentity } from '../../builder/stick/stick-identity.ts';
import { readMediumContent } from '../../builder/writers/usb/medium-content.ts';
import type { Emit } from '../../runtime/contract/events.ts';
import { exec } from '../../runtime/host/exec.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { cli } from '../helpers/cli.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { mediumToPrestage, prestage } from '../helpers/prestaged.ts';
import { aSigner } from '../helpers/signing-key.ts';
import { FILES, stickContext } from '../helpers/small-stick.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { MOUNTS } from './exfat-image.ts';

const MIB = 1024 ** 2;
const TWO_IMAGES = { prestaged: 'factory.wim' };
const ONE_IMAGE = { prestaged: 'factory.wim', layout: 'fat32' } as const;

const verified = (path: string) => verifyMedium(path, stickContext());
const apply = (wim: string, image: string, to: string) => exec(['wimlib-imagex', 'apply', wim, image, to]);

async function aWim(output: typeof TWO_IMAGES | typeof ONE_IMAGE = TWO_IMAGES): Promise<string> {
  return prestage((await mediumToPrestage()).medium, output);
}

/** Files and folders of an image, by the times libwim gives them: in seconds. */
async function timesIn(wim: string, image: string): Promise<Set<number>> {
  const folder = await temporaryFolder();
  await apply(wim, image, folder);
  const names = ['.', ...(await readdir(folder, { recursive: true }))];
  return new Set(await Promise.all(names.map(async (name) => (await stat(join(folder, name))).mtimeMs / 1000)));
}

describe('a prestaged WIM', () => {
  it('has two images, which libwim finds whole', async () => {
    const { medium } = await mediumToPrestage();
    const wim = await prestage(medium, TWO_IMAGES);
    await exec(['wimlib-imagex', 'verify', wim]);
    using opened = await WimFile.open(wim);
    expect(opened.images()).toMatchObject([
      { name: 'boot', files: 5, directories: 7, bytes: 70_573 },
      { name: 'content', files: 5, directories: 4 },
    ]);
    expect(opened.info).toMatchObject({ compression: 'none', bootIndex: 0, guid: expect.not.stringMatching(/^0+$/) });
    const { time } = stickIdentity(medium.draft.id);
    for (const image of ['boot', 'content']) expect(await timesIn(wim, image)).toEqual(new Set([time]));
  });

  it('has one image where one volume is to hold it', async () => {
    const wim = await aWim(ONE_IMAGE);
    using opened = await WimFile.open(wim);
    expect(opened.images()).toMatchObject([{ name: 'medium', files: 10 }]);
    expect(await verified(wim)).toMatchObject({ passed: true, files: 8, extra: [] });
  });

  it('is a medium to inspect and to verify, and so is what comes out of it', async () => {
    const wim = await aWim();
    expect(await inspectMedium(wim, stickContext())).toMatchObject({ type: 'wim', prestaged: true, firmware: [] });
    expect(await verified(wim)).toMatchObject({ passed: true, files: 8, bad: [], extra: [] });
    const folder = await temporaryFolder();
    for (const image of ['boot', 'content']) await apply(wim, image, folder);
    expect(await verified(folder)).toMatchObject({ passed: true, files: 8, extra: [] });
  });

  it('is the same, byte by byte, whatever times and links its sources have', async () => {
    const { medium, folder } = await mediumToPrestage();
    const first = await prestage(medium, TWO_IMAGES);
    await utimes(join(folder, 'boot/grub/grub.cfg'), 1, 1);
    await link(join(folder, 'boot/grub/grub.cfg'), join(folder, 'other'));
    await exec(['cmp', first, await prestage(medium, TWO_IMAGES)]);
    const other = await mediumToPrestage();
    await exec(['cmp', first, await prestage(other.medium, TWO_IMAGES)]);
  });

  it('has the same content once, and no hard links, which FAT has not', async () => {
    const image = FILES['mediasmith/images/windows.wim'];
    const copies = ['mediasmith/images/copy.wim', 'mediasmith/images/linked.wim', 'mediasmith/images/same.wim'];
    const files = { ...FILES, ...Object.fromEntries([...copies, 'EFI/copy.wim'].map((path) => [path, image])) };
    const { medium, folder } = await mediumToPrestage(files);
    const source = join(folder, 'mediasmith/images/windows.wim');
    await rm(join(folder, 'mediasmith/images/linked.wim'));
    await link(source, join(folder, 'mediasmith/images/linked.wim'));
    const tree = new Map([...medium.tree, ['mediasmith/images/same.wim', fromFile(source)]]);
    const wim = await prestage({ ...medium, tree }, TWO_IMAGES);
    expect((await stat(wim)).size).toBeLessThan(image.length + MIB);
    await exec(['wimlib-imagex', 'verify', wim]);
    const applied = await temporaryFolder();
    await apply(wim, 'content', applied);
    for (const path of copies) expect(await lstat(join(applied, path))).toMatchObject({ nlink: 1, size: image.length });
    expect(await verified(wim)).toMatchObject({ passed: true, files: 12 });
  });

  it('is signed as the other outputs are', async () => {
    const { medium } = await mediumToPrestage();
    const wim = await prestage({ ...medium, signer: await aSigner() }, TWO_IMAGES);
    const there = await openMedium(wim, stickContext());
    expect(there.files.map(({ path }) => path)).toContain('mediasmith/manifest.json.minisig');
  });

  it('is not written where it is interrupted or a source changes', async () => {
    const { medium, folder } = await mediumToPrestage();
    const stop = new AbortController();
    const emit = () => stop.abort();
    await expect(prestage(medium, TWO_IMAGES, { signal: stop.signal, emit })).rejects.toThrow(/abort/);
    const source = join(folder, 'mediasmith/images/windows.wim');
    const changed = prestage(medium, TWO_IMAGES, { emit: () => void utimes(source, 1, 1) });
    await expect(changed).rejects.toMatchObject({ code: 'SOURCE_CHANGED', where: source });
    const writing = new AbortController();
    const stopWriting: Emit = (event) => {
      if (event.event === 'progress' && event.title === 'Writing') writing.abort();
    };
    const unwritten = prestage(medium, TWO_IMAGES, { signal: writing.signal, emit: stopWriting });
    await expect(unwritten).rejects.toMatchObject({ code: 'INTERRUPTED' });
    const shorter = prestage(medium, TWO_IMAGES, { emit: () => void truncate(source, 7) });
    await expect(shorter).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
  });

  it('that is damaged or cut short is said to be so', async () => {
    const wim = await aWim();
    const copy = async (change: (bytes: Buffer) => Buffer): Promise<string> => {
      const path = join(await temporaryFolder(), 'copy.wim');
      await writeFile(path, change(await readFile(wim)));
      return path;
    };
    const there = await openMedium(wim, stickContext());
    const place = there.placeOf('mediasmith/images/windows.wim').parts[0];
    const flipped = await copy((bytes) => {
      bytes.writeUInt8(0, (place?.offset ?? 0) + 4);
      return bytes;
    });
    const reason = 'its content has changed';
    expect(await verified(flipped)).toMatchObject({
      passed: false,
      bad: [{ path: 'mediasmith/images/windows.wim', reason }],
    });
    const cut = await copy((bytes) => bytes.subarray(0, bytes.length - 100));
    expect(await verified(cut)).toMatchObject({
      passed: false,
      bad: [{ reason: expect.stringContaining('reached the end of the file') }],
    });
    const crooked = await copy((bytes) =>
      Buffer.concat([bytes.subarray(0, 48), Buffer.alloc(24, 1), bytes.subarray(72)]),
    );
    expect(await verified(crooked)).toMatchObject({ passed: false });
  });

  it('that another program has compressed is verified as well', async () => {
    const wim = await aWim();
    const { size } = await stat(wim);
    for (const compression of [['--compress=LZX'], ['--solid']]) {
      await exec(['wimlib-imagex', 'optimize', '--recompress', ...compression, wim]);
      expect((await stat(wim)).size).toBeLessThan(size / 10);
      expect(await verified(wim)).toMatchObject({ passed: true, files: 8, bad: [], extra: [] });
      const medium = await openMedium(wim, stickContext());
      expect(await medium.read('mediasmith/images/windows.wim', 3)).toEqual(Buffer.from('wim'));
      expect(await medium.read('mediasmith/empty.txt')).toHaveLength(0);
      expect(() => medium.placeOf('mediasmith/images/windows.wim')).toThrow('is compressed');
    }
    await using handle = await open(wim, 'r+');
    await handle.write(Buffer.alloc(64, 0xff), 0, 64, 300);
    const { passed, bad } = await verified(wim);
    expect(passed).toBe(false);
    expect(bad[0]?.reason).toMatch(/cannot be (read|extract)/);
  });
});

/** A disk with an EFI system partition, a volume behind it and room for Windows, and a folder for where it is mounted. */
async function aFactoryDisk(): Promise<string> {
  const disk = join(await temporaryFolder(), 'disk.img');
  await using file = await open(disk, 'w');
  await file.truncate(400 * MIB);
  await exec(['sgdisk', '-n', '1:0:+100M', '-t', '1:ef00', '-n', '2:0:+64M', '-t', '2:0700', disk]);
  return disk;
}

async function loopOf(disk: string, startMib: number, mib: number): Promise<string> {
  const place = ['--offset', String(startMib * MIB), '--sizelimit', String(mib * MIB)];
  const { stdout } = await exec(['losetup', '--find', '--show', ...place, disk]);
  onTestFinished(async () => void (await exec(['losetup', '--detach', stdout.trim()])));
  return stdout.trim();
}

/** The kernel here may know no FAT: mtools do. */
async function applyOntoFat(wim: string, image: string, device: string): Promise<void> {
  await exec(['mkfs.fat', '-F', '32', device]);
  const folder = await temporaryFolder();
  await apply(wim, image, folder);
  const names = (await readdir(folder)).map((name) => join(folder, name));
  await exec(['mcopy', '-s', '-i', device, ...names, '::/']);
}

describe.runIf(MOUNTS)('a prestaged WIM on the volumes of a disk', () => {
  it('is whole as a disk with FAT32 and exFAT', async () => {
    const [wim, disk] = [await aWim(), await aFactoryDisk()];
    await applyOntoFat(wim, 'boot', await loopOf(disk, 1, 100));
    const device = await loopOf(disk, 101, 64);
    await exec(['mkfs.exfat', device]);
    const folder = await temporaryFolder();
    await exec(['mount.exfat-fuse', device, folder]);
    try {
      await apply(wim, 'content', folder);
    } finally {
      await exec(['umount', folder]);
    }
    expect(await verified(disk)).toMatchObject({ passed: true, files: 8, extra: [] });
    expect(await inspectMedium(disk, stickContext())).toMatchObject({ type: 'stick', prestaged: true });
  });

  it('is whole as a disk with FAT32 alone', async () => {
    const [wim, disk] = [await aWim(ONE_IMAGE), await aFactoryDisk()];
    await applyOntoFat(wim, 'medium', await loopOf(disk, 1, 100));
    expect(await verified(disk)).toMatchObject({ passed: true, files: 8, extra: [] });
  });

  it('is whole on NTFS, seen together with what lies on FAT32', async () => {
    const [wim, disk] = [await aWim(), await aFactoryDisk()];
    const device = await loopOf(disk, 101, 64);
    await exec(['mkntfs', '-Q', '-F', device]);
    await apply(wim, 'content', device);
    const folder = await temporaryFolder();
    await exec(['ntfs-3g', device, folder]);
    try {
      await apply(wim, 'boot', folder);
      expect(await verified(folder)).toMatchObject({ passed: true, files: 8 });
    } finally {
      await exec(['umount', folder]);
    }
  });
});

const ESP = 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b';

describe('the image of a prestaged disk', () => {
  const partitions = async (image: string): Promise<{ type: string }[]> =>
    JSON.parse((await exec(['sfdisk', '--json', image])).stdout).partitiontable.partitions;

  it('is that of a stick but for its manifest, with what firmware starts in an EFI system partition', async () => {
    const { medium } = await mediumToPrestage();
    const image = await prestage(medium, { prestaged: 'factory.img' });
    expect(await verified(image)).toMatchObject({ passed: true, files: 8, extra: [] });
    const document = await inspectMedium(image, stickContext());
    expect(document).toMatchObject({ id: medium.draft.id, prestaged: true, stick: { layout: 'fat32+exfat' } });
    expect((await partitions(image)).map(({ type }) => type.toLowerCase()).filter((type) => type === ESP)).toHaveLength(
      1,
    );
    const single = await prestage(medium, { prestaged: 'factory.img', layout: 'fat32' });
    expect((await partitions(single)).map(({ type }) => type.toLowerCase())).toContain(ESP);
    const bios = await prestage(medium, { prestaged: 'factory.img', layout: 'fat32', partitionTable: 'mbr' });
    expect(await partitions(bios)).toMatchObject([{ type: 'c', bootable: true }]);
  });

  it('is as large as was asked for, and has its manifest as large as planned', async () => {
    const { medium } = await mediumToPrestage();
    const image = await prestage(medium, { prestaged: 'factory.img', size: '300 MB' });
    expect((await stat(image)).size).toBe(300_000_000 - (300_000_000 % 512));
    const { manifest, damage } = await readMediumManifest(await openMedium(image, stickContext()));
    expect([damage, manifest.prestaged]).toEqual([undefined, true]);
  });

  it('is not for sticks, nor is the WIM', async () => {
    const { medium } = await mediumToPrestage();
    for (const prestaged of ['factory.img', 'factory.wim']) {
      const file = await prestage(medium, { prestaged });
      await expect(readMediumContent(file, stickContext())).rejects.toMatchObject({
        code: 'MEDIUM_INVALID',
        hint: expect.stringContaining('an output usb'),
      });
    }
  });
});

describe('a project with prestaged outputs', () => {
  it('builds the same medium as its ISO', { timeout: 300_000 }, async () => {
    const outputs = [
      { iso: 'medium.iso' },
      { prestaged: 'factory.img' },
      { prestaged: 'factory.wim' },
      { prestaged: 'bios.img', layout: 'fat32', partitionTable: 'mbr' },
    ];
    const built = await buildTestMedium(await temporaryFolder(), { options: { outputs } });
    const documents = await Promise.all(built.outputs.map((path) => inspectMedium(path, stickContext())));
    expect(new Set(documents.map(({ id }) => id)).size).toBe(1);
    expect(documents.map(({ type, prestaged, firmware }) => [type, prestaged, ...firmware])).toEqual([
      ['iso', false, 'BIOS', 'UEFI'],
      ['stick', true, 'UEFI'],
      ['wim', true, 'UEFI'],
      ['stick', true, 'BIOS', 'UEFI'],
    ]);
    for (const path of built.outputs.slice(1)) expect(await verified(path)).toMatchObject({ passed: true, extra: [] });
    const { stdout } = await cli(['inspect', built.outputs[2] ?? '']);
    expect(stdout).toContain('WIM of a prestaged disk');
    expect(stdout).toContain('lies on the disk that it deploys');
  });
});
