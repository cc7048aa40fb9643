import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open as openFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { FAT32 } from '../../builder/volumes/fat32/index.ts';
import type { OpenedVolume, ReadAt, VolumeFile, VolumePlan, Write } from '../../builder/volumes/volume.ts';
import { exec } from '../../runtime/host/exec.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { mtools } from './fat32-checks.ts';

export const MIB = 1024 ** 2;
export const TIME = Date.UTC(2026, 4, 17, 9, 41, 33) / 1000;
export const LATER = TIME + 86_400;

/** What is on a volume, by its paths. */
export type Contents = Map<string, Buffer>;
export type Changes = { remove: string[]; write: VolumeFile[]; time: number };

const OPTIONS = { label: 'medium', volumeId: '12ab34cd', time: TIME, hiddenSectors: 2048 };
const SECTOR = 512;

/** A volume in a file, and what must be on it. */
export class Image {
  readonly #file: FileHandle;
  readonly path: string;
  readonly contents: Contents;
  readonly plan: VolumePlan | undefined;

  constructor(file: FileHandle, path: string, contents: Contents, plan?: VolumePlan) {
    this.#file = file;
    this.path = path;
    this.contents = contents;
    this.plan = plan;
  }

  get read(): ReadAt {
    return readerOf(this.#file);
  }

  open(): Promise<OpenedVolume> {
    return FAT32.open(this.read);
  }

  async apply(writes: readonly Write[]): Promise<void> {
    for (const { offset, data } of writes) await this.#file.write(data, 0, data.length, offset);
  }

  /** A whole one, content and all. */
  async update(changes: Changes): Promise<VolumePlan> {
    const plan = (await this.open()).update(changes);
    const fresh = after(this, changes);
    const { content, writes } = steps(plan, fresh, changes.write);
    await this.apply([...content, ...writes]);
    this.contents.clear();
    for (const [path, data] of fresh) this.contents.set(path, data);
    return plan;
  }

  async copy(): Promise<Image> {
    const path = join(await temporaryFolder(), 'copy.img');
    await exec(['cp', '--sparse=always', this.path, path]);
    return imageAt(path, new Map(this.contents));
  }
}

export async function formatted(files: readonly VolumeFile[], bytes: number, fill = 0): Promise<Image> {
  const plan = FAT32.format(files, { ...OPTIONS, bytes });
  const path = join(await temporaryFolder(), 'volume.img');
  await writeFile(path, Buffer.alloc(fill === 0 ? 0 : bytes, fill));
  await exec(['truncate', '--size', String(bytes), path]);
  const contents: Contents = new Map(files.map((file) => [file.path, contentOf(file, 'new')]));
  const image = await imageAt(path, contents, plan);
  const { content, writes } = steps(plan, contents, files);
  await image.apply([...content, ...writes]);
  return image;
}

/** A volume of mkfs.fat and mtools: files of somebody's own, and some in a folder of ours. */
export async function foreign(options = ['-s', '1'], bytes = 40 * MIB): Promise<Image> {
  const folder = await temporaryFolder();
  const path = join(folder, 'volume.img');
  const files = [
    ...Array.from({ length: 40 }, (_, index) => ({ path: `own file ${index}.txt`, bytes: 100 * index })),
    { path: 'Eigenes/Präsentation – Endfassung.pptx', bytes: 70_000 },
    { path: 'OWN.TXT', bytes: 5 },
    { path: 'mediasmith/manifest.json', bytes: 9000 },
  ];
  const contents: Contents = new Map(files.map((file) => [file.path, contentOf(file, 'own')]));
  await exec(['mkfs.fat', '-F', '32', ...options, '-n', 'FOREIGN', '-C', path, String(bytes / 1024)]);
  for (const [name, data] of contents) {
    const from = join(folder, 'tree', name);
    await mkdir(dirname(from), { recursive: true });
    await writeFile(from, data);
    await utimes(from, 1_500_000_000, 1_500_000_000);
  }
  await mtools('mcopy', path, ['-s', '-m', join(folder, 'tree', 'Eigenes'), join(folder, 'tree', 'mediasmith'), '::/']);
  const roots = files.map((file) => file.path).filter((name) => !name.includes('/'));
  await mtools('mcopy', path, ['-m', ...roots.map((name) => join(folder, 'tree', name)), '::/']);
  // What was deleted leaves its entry.
  await mtools('mdel', path, ['::/own file 7.txt']);
  contents.delete('own file 7.txt');
  await mtools('mattrib', path, ['+r', '+h', '::/own file 1.txt']);
  return imageAt(path, contents);
}

async function imageAt(path: string, contents: Contents, plan?: VolumePlan): Promise<Image> {
  const file = await openFile(path, 'r+');
  onTestFinished(() => file.close());
  return new Image(file, path, contents, plan);
}

export function readerOf(file: FileHandle): ReadAt {
  return async (offset, bytes) => {
    const buffer = Buffer.alloc(bytes);
    const { bytesRead } = await file.read(buffer, 0, bytes, offset);
    return buffer.subarray(0, bytesRead);
  };
}

export function filesOf(files: Record<string, number>): VolumeFile[] {
  return Object.entries(files).map(([path, bytes]) => ({ path, bytes }));
}

/** What must be there after an update that spells what is there as it is spelt there. */
export function after(image: Image, { remove, write, time }: Changes): Contents {
  const contents = new Map(image.contents);
  for (const path of remove) contents.delete(path);
  for (const file of write) contents.set(file.path, contentOf(file, String(time)));
  return contents;
}

/** All writes of a plan, those of its content first, and which of the others is the switch. */
export function steps(
  plan: VolumePlan,
  contents: Contents,
  files: readonly VolumeFile[],
): { content: Write[]; writes: Write[]; switched: number } {
  const content = files.flatMap(({ path }) => {
    const data = contents.get(path) ?? Buffer.alloc(0);
    let taken = 0;
    return (plan.files.get(path) ?? []).map(({ offset, bytes }) => {
      taken += bytes;
      return { offset, data: data.subarray(taken - bytes, taken) };
    });
  });
  return { content, writes: [...plan.prepare, ...plan.commit, ...plan.finish], switched: plan.prepare.length };
}

export function sectorsOf({ offset, data }: Write): Write[] {
  return Array.from({ length: data.length / SECTOR }, (_, sector) => ({
    offset: offset + sector * SECTOR,
    data: data.subarray(sector * SECTOR, (sector + 1) * SECTOR),
  }));
}

/** Bytes that differ from place to place and from file to file. */
function contentOf({ path, bytes }: VolumeFile, version: string): Buffer {
  const content = Buffer.alloc(bytes, createHash('sha256').update(`${path}\n${version}`).digest());
  for (let at = 0; at + 4 <= bytes; at += SECTOR) content.writeUInt32LE(at, at);
  return content;
}
