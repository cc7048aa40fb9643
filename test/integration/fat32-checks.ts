import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { extractFromArchive } from '../../builder/tools/seven-zip.ts';
import { type ExecResult, exec } from '../../runtime/host/exec.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import type { Contents, Image } from './fat32-image.ts';

/** All that fsck.fat, mtools, 7-Zip and our reader can say against it. */
export async function expectWhole(image: Image, contents: Contents): Promise<void> {
  expect(await fsck(image)).toEqual([]);
  await expectReadable(image, contents);
}

export async function expectReadable(image: Image, contents: Contents): Promise<void> {
  await expectOpened(image, contents);
  const folder = await temporaryFolder();
  await mtools('mcopy', image.path, ['-s', '-n', '::*', join(folder, '/')]);
  // mtools reads names as UCS-2.
  await expectFolder(folder, contents, (path) => path.replace(/[\u{10000}-\u{10ffff}]/gu, '__'));
  const unpacked = join(folder, '7-Zip');
  await extractFromArchive({ archive: image.path, folder: unpacked }, exec);
  await expectFolder(unpacked, contents);
}

export async function expectOpened(image: Image, contents: Contents): Promise<void> {
  const { files } = await image.open();
  expect([...files.keys()].sort()).toEqual([...contents.keys()].sort());
  for (const [path, data] of contents) {
    const extents = files.get(path)?.extents ?? [];
    const parts = await Promise.all(extents.map(({ offset, bytes }) => image.read(offset, bytes)));
    if (!Buffer.concat(parts).equals(data)) throw new Error(`${path} has other content`);
  }
}

/** Whether this kernel mounts it, and we may. */
export const MOUNTS = process.getuid?.() === 0 && /\tvfat$/m.test(readFileSync('/proc/filesystems', 'utf8'));

/** As Linux shows it. */
export async function expectMounted(image: Image, contents: Contents): Promise<void> {
  const folder = join(await temporaryFolder(), 'mounted');
  await mkdir(folder);
  await exec(['mount', '-t', 'vfat', '-o', 'loop,ro,utf8', image.path, folder]);
  try {
    await expectFolder(folder, contents);
  } finally {
    await exec(['umount', folder]);
  }
}

/** What fsck.fat complains of, line by line. */
export async function fsck(image: Image): Promise<string[]> {
  const { stdout, exitCode } = await exec(['fsck.fat', '-n', image.path], { successCodes: [0, 1] });
  const [, ...lines] = stdout.split('\n').filter((line) => line.trim() !== '');
  const complaints = lines.slice(0, -1);
  return exitCode === 0 ? complaints : [...complaints, 'exit 1'];
}

export function mtools(program: string, image: string, args: string[]): Promise<ExecResult> {
  return exec([program, '-i', image, ...args], { env: { MTOOLSRC: '/dev/null', LC_ALL: 'C.UTF-8' } });
}

async function expectFolder(folder: string, contents: Contents, shown = (path: string) => path): Promise<void> {
  const names = await readdir(folder, { recursive: true });
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name))));
  expect(names.filter((_, index) => sizes[index]?.isFile()).sort()).toEqual([...contents.keys()].map(shown).sort());
  for (const [path, data] of contents) {
    if (!data.equals(await readFile(join(folder, shown(path))))) throw new Error(`${path} has other content`);
  }
}
