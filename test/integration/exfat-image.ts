import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, mkdir, open as openFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { pick, type Random } from '../../builder/demo/random.ts';
import { EXFAT } from '../../builder/volumes/exfat/index.ts';
import { caseKey } from '../../builder/volumes/shared/names.ts';
import type { OpenedVolume, VolumeFile, VolumePlan, Write } from '../../builder/volumes/volume.ts';
import { exec } from '../../runtime/host/exec.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;
export const SECTOR = 512;
export const TIME = Date.UTC(2026, 4, 17, 9, 41, 33) / 1000;
export const LATER = TIME + 86_400;
export const OPTIONS = { label: 'Medium ü', volumeId: '0ab34cde', time: TIME, hiddenSectors: 2048 };
/** exfat-fuse is another implementation than ours and the kernel's; it needs a block device. */
export const MOUNTS = process.getuid?.() === 0 && existsSync('/dev/fuse') && existsSync('/usr/sbin/mount.exfat-fuse');

/** A path's content. */
type Contents = Map<string, Buffer>;
type Changes = Parameters<OpenedVolume['update']>[0];

/** A volume in a file, and what is on it. */
class Image {
  readonly path: string;
  readonly plan: VolumePlan | undefined;
  contents: Contents;
  readonly #file: FileHandle;

  constructor(file: FileHandle, path: string, contents: Contents, plan?: VolumePlan) {
    this.#file = file;
    this.path = path;
    this.contents = contents;
    this.plan = plan;
  }

  readonly read = async (offset: number, bytes: number): Promise<Buffer> => {
    const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(bytes), 0, bytes, offset);
    return buffer.subarray(0, bytesRead);
  };

  open(): Promise<OpenedVolume> {
    return EXFAT.open(this.read);
  }

  async size(): Promise<number> {
    return (await this.#file.stat()).size;
  }

  async apply(writes: readonly Write[]): Promise<void> {
    for (const { offset, data } of writes) await this.#file.write(data, 0, data.length, offset);
  }

  /** A whole update, with its content. */
  async update(changes: Changes): Promise<VolumePlan> {
    const plan = (await this.open()).update(changes);
    await this.apply([...contentWrites(plan), ...plan.prepare, ...plan.commit, ...plan.finish]);
    this.contents = after(this.contents, changes);
    return plan;
  }

  async copy(): Promise<Image> {
    const path = join(await temporaryFolder(), 'copy.img');
    await exec(['cp', '--sparse=always', this.path, path]);
    return imageAt(path, this.contents);
  }
}

async function imageAt(path: string, contents: Contents, plan?: VolumePlan): Promise<Image> {
  const file = await openFile(path, 'r+');
  onTestFinished(() => file.close());
  return new Image(file, path, new Map(contents), plan);
}

export async function blank(bytes: number, fill = 0): Promise<Image> {
  const path = join(await temporaryFolder(), 'volume.img');
  await writeFile(path, fill === 0 ? '' : Buffer.alloc(bytes, fill));
  await exec(['truncate', '--size', String(bytes), path]);
  return imageAt(path, new Map());
}

export async function formatted(files: readonly VolumeFile[], bytes: number, fill = 0): Promise<Image> {
  const plan = EXFAT.format(files, { ...OPTIONS, bytes });
  const image = await blank(bytes, fill);
  await image.apply([...plan.prepare, ...contentWrites(plan), ...plan.commit, ...plan.finish]);
  return imageAt(image.path, new Map(files.map((file) => [file.path, contentOf(file)])), plan);
}

/** Files in pieces, deleted entries, an empty folder, a long folder: what a stick has that was used. */
export async function foreign(clusterSize: string): Promise<Image> {
  const image = await blank(256 * MIB);
  await exec(['mkfs.exfat', '-L', 'FOREIGN', '-c', clusterSize, image.path]);
  await mounted(image, async (root) => {
    await mkdir(join(root, 'empty folder'));
    await mkdir(join(root, 'kept'));
    const handles = await Promise.all([0, 1].map((at) => openFile(join(root, `interleaved ${at}.bin`), 'w')));
    const chunks = handles.map(() => [] as Buffer[]);
    for (let piece = 0; piece < 6; piece++) {
      for (const [at, handle] of handles.entries()) {
        const data = contentOf({ path: `${at} ${piece}`, bytes: 150_000 });
        await handle.write(data);
        chunks[at]?.push(data);
      }
    }
    for (const [at, handle] of handles.entries()) {
      await handle.close();
      image.contents.set(`interleaved ${at}.bin`, Buffer.concat(chunks[at] ?? []));
    }
    for (let index = 0; index < 60; index++) {
      const path = index < 9 ? `kept/${index}.bin` : `kept/A long name of a file that is number ${index}.bin`;
      await writeFile(join(root, path), contentOf({ path, bytes: index * 700 }));
      if (index % 2 === 0) await exec(['rm', join(root, path)]);
      else image.contents.set(path, contentOf({ path, bytes: index * 700 }));
    }
    await exec(['touch', '-d', '2001-02-03T04:05:06Z', join(root, 'kept/7.bin')]);
  });
  return image;
}

export async function mounted(image: Image, use: (root: string) => Promise<void>, sectorBytes = SECTOR): Promise<void> {
  const root = await temporaryFolder();
  await attached(image, sectorBytes, async (device) => {
    await exec(['mount.exfat-fuse', device, root]);
    try {
      await use(root);
    } finally {
      await exec(['umount', root]);
    }
  });
}

export async function attached(
  image: Image,
  sectorBytes: number,
  use: (device: string) => Promise<unknown>,
): Promise<void> {
  const { stdout } = await exec(['losetup', '--sector-size', String(sectorBytes), '--find', '--show', image.path]);
  const device = stdout.trim();
  try {
    await use(device);
  } finally {
    await exec(['losetup', '--detach', device]);
  }
}

/** Applies an update write by write, and looks at the volume after each. */
export async function expectCutsHarmless(image: Image, changes: Changes): Promise<void> {
  const old = image.contents;
  const fresh = after(old, changes);
  const plan = (await image.open()).update(changes);
  const seen = new Set<string>();
  for (const write of [...contentWrites(plan), ...plan.prepare.flatMap(sectorsOf)]) {
    await image.apply([write]);
    expect(await stateOf(image, old, fresh)).toBe('old');
  }
  for (const write of plan.commit) {
    expect(write.data.length).toBe(SECTOR);
    await image.apply([write]);
    const state = await stateOf(image, old, fresh);
    seen.add(state);
    const next = await image.copy();
    next.contents = state === 'old' ? old : fresh;
    await next.update({ remove: [], write: sized({ 'after the cut.txt': 5 }), time: LATER });
    await expectWhole(next);
  }
  expect([...seen]).toEqual(['old', 'new']);
  for (const write of plan.finish.flatMap(sectorsOf)) {
    expect(await stateOf(image, old, fresh)).toBe('new');
    await image.apply([write]);
  }
  image.contents = fresh;
  await expectWhole(image);
}

async function stateOf(image: Image, old: Contents, fresh: Contents): Promise<'old' | 'new' | 'neither'> {
  const found = digests(await readAll(image));
  if (found === digests(old)) return 'old';
  return found === digests(fresh) ? 'new' : 'neither';
}

function digests(contents: Contents): string {
  return [...contents]
    .map(([path, data]) => `${path} ${createHash('sha256').update(data).digest('hex')}`)
    .sort()
    .join('\n');
}

async function readAll(image: Image): Promise<Contents> {
  const { files } = await image.open();
  const contents: Contents = new Map();
  for (const [path, { extents }] of files) {
    const parts = await Promise.all(extents.map(({ offset, bytes }) => image.read(offset, bytes)));
    contents.set(path, Buffer.concat(parts));
  }
  return contents;
}

export async function expectWhole(image: Image): Promise<void> {
  await expectClean(image);
  expect(digests(await readAll(image))).toBe(digests(image.contents));
}

export async function expectClean(image: Image): Promise<void> {
  const { exitCode, stdout, stderr } = await exec(['fsck.exfat', '-n', image.path], { successCodes: [0, 1, 2, 4] });
  expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(': clean.') });
}

/** What the bitmap says. */
export async function freeClusters(image: Image): Promise<number> {
  const { stdout } = await exec(['dump.exfat', image.path]);
  return Number(/^Free Clusters:\s+(\d+)/m.exec(stdout)?.[1]);
}

function contentWrites(plan: VolumePlan): Write[] {
  return [...plan.files].flatMap(([path, extents]) => {
    const data = contentOf({ path, bytes: extents.reduce((sum, { bytes }) => sum + bytes, 0) });
    let at = 0;
    return extents.map(({ offset, bytes }) => {
      at += bytes;
      return { offset, data: data.subarray(at - bytes, at) };
    });
  });
}

/** What an update makes of these: a path that is spelt otherwise replaces, and a folder keeps its spelling. */
export function after(contents: Contents, { remove, write }: Changes): Contents {
  const fresh = new Map(contents);
  for (const path of remove) fresh.delete(path);
  const folders = new Map([...fresh.keys()].flatMap(foldersAbove).map((path) => [caseKey(path), path]));
  for (const { path, bytes } of write) {
    for (const other of fresh.keys()) if (caseKey(other) === caseKey(path)) fresh.delete(other);
    const folder = folders.get(caseKey(dirname(path))) ?? dirname(path);
    fresh.set(join(folder, path.slice(path.lastIndexOf('/') + 1)), contentOf({ path, bytes }));
  }
  return fresh;
}

function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...foldersAbove(folder)];
}

function sectorsOf({ offset, data }: Write): Write[] {
  return Array.from({ length: data.length / SECTOR }, (_, at) => ({
    offset: offset + at * SECTOR,
    data: data.subarray(at * SECTOR, (at + 1) * SECTOR),
  }));
}

export function sized(files: Record<string, number>): VolumeFile[] {
  return Object.entries(files).map(([path, bytes]) => ({ path, bytes }));
}

/** Bytes that differ from path to path. */
export function contentOf({ path, bytes }: VolumeFile): Buffer {
  const block = createHash('sha512').update(path).digest();
  return Buffer.alloc(bytes, block);
}

export async function contentsBelow(root: string): Promise<Contents> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const contents: Contents = new Map();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    contents.set(path.slice(root.length + 1), await readFile(path));
  }
  return contents;
}

const LETTERS = [
  'a',
  'B',
  'z',
  '7',
  ' ',
  '.',
  '-',
  '~',
  'é',
  'ß',
  'Ж',
  'ǅ',
  '日',
  '한',
  '😀',
  'e\u0301',
  '\u200d',
  'ﬁ',
];

export function randomFiles(random: Random, count: number, taken: readonly string[]): VolumeFile[] {
  const keys = new Set([...taken, ...taken.flatMap(foldersAbove)].map(caseKey));
  const folders = ['', ...taken.flatMap(foldersAbove).map((path) => `${path}/`)];
  const files: VolumeFile[] = [];
  while (files.length < count) {
    const folder = pick(random, folders);
    const length = random() < 0.05 ? 120 : 1 + Math.floor(random() * 30);
    const name = `${Array.from({ length }, () => pick(random, LETTERS))
      .join('')
      .replace(/^[. ]+/, '')}x`;
    const path = `${folder}${name}`;
    if (keys.has(caseKey(path)) || path.split('/').length > 8) continue;
    keys.add(caseKey(path));
    if (random() < 0.2) folders.push(`${path}/`);
    else files.push({ path, bytes: Math.floor(random() ** 4 * 60_000) });
  }
  return files;
}

export function code(expected: string) {
  return expect.objectContaining({ code: expected });
}
