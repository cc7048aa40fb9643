import { randomBytes } from 'node:crypto';
import { copyFile, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { exec } from '../../runtime/host/exec.ts';
import type { WimProgress } from '../../runtime/wim/progress.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { MEBIBYTE, makeDrivers } from './wim-fixtures.ts';

const TIME = new Date('2026-01-02T03:04:05Z');

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

beforeEach(async () => {
  folder = await temporaryFolder();
});

describe('an update in place', () => {
  it('adds, replaces, deletes and renames, leaves all else, and compresses nothing again', async () => {
    await makeBase('LZX');
    await copyFile(at('base.wim'), at('changed.wim'));
    await writeFiles(at('new'), { 'Windows/SYSTEM32/new.txt': 'new', 'windows/system32/old.txt': 'replaced' });
    await setTimes(at('new'));
    {
      using wim = await WimFile.open(at('changed.wim'), { write: true });
      await wim.addTree(1, at('new'), '/');
      await wim.addTree(1, at('new', 'Windows/SYSTEM32/new.txt'), '/elsewhere.txt');
      await wim.renamePath(1, '/SETUP.exe', '/setup.exe.orig');
      await wim.deletePath(1, '/folder');
      wim.setBootIndex(1);
      await wim.overwrite({ modified: TIME });
      expect(() => wim.images()).toThrow('the file is closed');
    }
    using changed = await WimFile.open(at('changed.wim'));
    await changed.verify();
    expect(changed.info).toMatchObject({ bootIndex: 1, compression: 'LZX', unfinished: false });
    expect((await changed.listPaths(1, '/', { recursive: true })).map(({ path }) => path)).toEqual([
      '/Windows',
      '/Windows/System32',
      '/Windows/System32/large.bin',
      '/Windows/System32/new.txt',
      '/Windows/System32/old.txt',
      '/elsewhere.txt',
      '/setup.exe.orig',
    ]);
    await changed.extractPaths(1, ['/Windows/System32/old.txt'], at('out'), { flat: true });
    expect(await readFile(at('out', 'old.txt'), 'utf8')).toBe('replaced');
    const [before, after] = await Promise.all(['base.wim', 'changed.wim'].map((name) => readFile(at(name))));
    // Behind the header everything is as it was: what is new lies behind it.
    expect(after?.subarray(208, before?.length).equals(before?.subarray(208) ?? Buffer.of())).toBe(true);
    expect((after?.length ?? 0) - (before?.length ?? 0)).toBeLessThan(8192);
    expect((await exec(['wimlib-imagex', 'info', at('changed.wim'), '1'])).stdout).toMatch(
      /Last Modification Time: +Fri Jan 02 03:04:05 2026 UTC/,
    );
  });

  it('keeps what is said of a folder that is there', async () => {
    await makeBase('LZX');
    const times = async () => {
      const { stdout } = await exec([
        'wimlib-imagex',
        'dir',
        at('base.wim'),
        '1',
        '--detailed',
        '--one-file-only',
        '--path=/Windows',
      ]);
      return stdout.split('\n').filter((line) => /Time|Attributes|Security/.test(line));
    };
    const before = await times();
    await writeFiles(at('new'), { 'Windows/new.txt': 'new' });
    using wim = await WimFile.open(at('base.wim'), { write: true });
    await wim.addTree(1, at('new'), '/');
    await wim.overwrite();
    expect(before.length).toBeGreaterThan(2);
    expect(await times()).toEqual(before);
  });

  it('gives the same bytes for the same changes, and the time of the newest file unless told', async () => {
    await makeBase('LZX');
    await writeFiles(at('new'), {
      'Windows/new.bin': randomBytes(3 * MEBIBYTE),
      'Windows/text': 'text'.repeat(100_000),
    });
    await setTimes(at('new'));
    for (const [name, threads] of [
      ['1.wim', 1],
      ['2.wim', 2],
    ] as const) {
      await copyFile(at('base.wim'), at(name));
      using wim = await WimFile.open(at(name), { write: true });
      await wim.addTree(1, at('new'), '/');
      await wim.renamePath(1, '/setup.exe', '/setup.exe.orig');
      await wim.overwrite({ threads });
    }
    expect((await readFile(at('1.wim'))).equals(await readFile(at('2.wim')))).toBe(true);
    const { stdout } = await exec(['wimlib-imagex', 'info', at('1.wim'), '1']);
    expect(stdout).toMatch(/Last Modification Time: +Fri Jan 02 03:04:05 2026 UTC/);
  });

  it('that is interrupted leaves the file as it was', async () => {
    await makeBase('LZX');
    const before = await readFile(at('base.wim'));
    await writeFiles(at('new'), { 'large.bin': randomBytes(24 * MEBIBYTE) });
    const abort = new AbortController();
    const seen: WimProgress[] = [];
    using wim = await WimFile.open(at('base.wim'), { write: true });
    await wim.addTree(1, at('new'), '/');
    const stopped = wim.overwrite({
      signal: abort.signal,
      onProgress: (progress) => {
        seen.push(progress);
        if (progress.doneBytes > 0) abort.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(seen.at(-1)?.doneBytes).toBeLessThan(24 * MEBIBYTE);
    expect((await readFile(at('base.wim'))).equals(before)).toBe(true);
  });

  it('can write the file anew without what is gone', async () => {
    await makeBase('none');
    const { size } = await stat(at('base.wim'));
    using wim = await WimFile.open(at('base.wim'), { write: true });
    await wim.deletePath(1, '/Windows/System32/large.bin');
    await wim.overwrite({ rebuild: true });
    expect((await stat(at('base.wim'))).size).toBeLessThan(size - MEBIBYTE);
    expect((await readdir(folder)).sort()).toEqual(['base', 'base.wim']);
  });

  it('keeps an integrity table', async () => {
    await makeBase('LZX', { integrity: true });
    await writeFiles(at('new'), { 'new.txt': 'new' });
    using wim = await WimFile.open(at('base.wim'), { write: true });
    await wim.addTree(1, at('new'), '/');
    await wim.overwrite();
    await exec(['wimlib-imagex', 'info', at('base.wim'), '--check']);
    using changed = await WimFile.open(at('base.wim'));
    expect(changed.info.hasIntegrityTable).toBe(true);
  });
});

describe('what cannot be changed', () => {
  it.each([
    ['a source that is not there', (wim: WimFile) => wim.addTree(1, at('absent'), '/'), 'SOURCE_NOT_FOUND'],
    ['an image that is not there', (wim: WimFile) => wim.addTree(7, at('base'), '/'), 'IMAGE_NOT_FOUND'],
    ['a path to delete', (wim: WimFile) => wim.deletePath(1, '/absent'), 'SOURCE_NOT_FOUND'],
    ['a path to rename', (wim: WimFile) => wim.renamePath(1, '/absent', '/other'), 'SOURCE_NOT_FOUND'],
    ['a folder in place of a file', (wim: WimFile) => wim.addTree(1, at('base'), '/setup.exe'), 'SOURCE_INVALID'],
    [
      'a file that is not to be replaced',
      (wim: WimFile) => wim.addTree(1, at('base'), '/', { replace: false }),
      'SOURCE_INVALID',
    ],
  ])('%s', async (_, change, code) => {
    await makeBase('LZX');
    const before = await readFile(at('base.wim'));
    using wim = await WimFile.open(at('base.wim'), { write: true });
    await expect(change(wim)).rejects.toMatchObject({ code });
    expect((await readFile(at('base.wim'))).equals(before)).toBe(true);
  });

  it('a boot index beyond the images', async () => {
    await makeBase('LZX');
    using wim = await WimFile.open(at('base.wim'), { write: true });
    expect(() => wim.setBootIndex(2)).toThrow(expect.objectContaining({ code: 'IMAGE_NOT_FOUND' }));
  });

  it.each([
    ['marked read-only', 0x4, 'SOURCE_INVALID', /read-only/],
    ['left unfinished', 0x40, 'IMAGE_CORRUPT', /did not come to an end/],
  ])('a file %s', async (_, flag, code, message) => {
    await makeBase('LZX');
    await using file = await open(at('base.wim'), 'r+');
    const flags = Buffer.alloc(4);
    await file.read(flags, 0, 4, 16);
    flags.writeUInt32LE(flags.readUInt32LE() | flag);
    await file.write(flags, 0, 4, 16);
    await expect(WimFile.open(at('base.wim'), { write: true })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('a pipable one, and a part of a split one', async () => {
    await makeBase('none');
    await exec(['wimlib-imagex', 'export', at('base.wim'), 'all', at('pipable.wim'), '--pipable']);
    await expect(WimFile.open(at('pipable.wim'), { write: true })).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
    await exec(['wimlib-imagex', 'split', at('base.wim'), at('part.swm'), '1']);
    await expect(WimFile.open(at('part.swm'), { write: true })).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
  });

  it('a damaged one', async () => {
    await makeBase('LZX');
    const whole = await readFile(at('base.wim'));
    await writeFile(at('cut.wim'), whole.subarray(0, whole.length - 100));
    await expect(WimFile.open(at('cut.wim'), { write: true })).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' });
  });
});

describe('a split', () => {
  it('has parts that are read as one, and the same bytes each time', async () => {
    await makeParts(6);
    using wim = await WimFile.open(at('whole.wim'));
    const progress: WimProgress[] = [];
    const parts = await wim.split(at('install.swm'), 2.5 * MEBIBYTE, { onProgress: (now) => progress.push(now) });
    expect(parts).toEqual(['install.swm', 'install2.swm', 'install3.swm'].map((name) => at(name)));
    for (const part of parts) expect((await stat(part)).size).toBeLessThanOrEqual(2.5 * MEBIBYTE);
    expect(progress.at(-1)).toEqual({ doneBytes: progress[0]?.totalBytes, totalBytes: progress[0]?.totalBytes });
    const done = progress.map(({ doneBytes }) => doneBytes);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    using split = await WimFile.open(at('install.swm'));
    await split.verify();
    await split.applyToFolder(1, at('out'));
    await exec(['diff', '-r', at('parts'), at('out')]);
    const first = await Promise.all(parts.map((part) => readFile(part)));
    using again = await WimFile.open(at('whole.wim'));
    await again.split(at('install.swm'), 2.5 * MEBIBYTE);
    for (const [index, part] of parts.entries())
      expect((await readFile(part)).equals(first[index] ?? Buffer.of())).toBe(true);
  });

  it('leaves nothing when it is interrupted, or when a file is larger than a part', async () => {
    await makeParts(6);
    const before = (await readdir(folder)).sort();
    using wim = await WimFile.open(at('whole.wim'));
    const abort = new AbortController();
    const options = { signal: abort.signal, onProgress: () => abort.abort() };
    await expect(wim.split(at('install.swm'), 3 * MEBIBYTE, options)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect((await readdir(folder)).sort()).toEqual(before);
    await expect(wim.split(at('install.swm'), MEBIBYTE / 2)).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      lines: expect.arrayContaining([expect.stringContaining('install2.swm would have 1')]),
    });
    expect((await readdir(folder)).sort()).toEqual(before);
  });

  it('of a solid file is refused', async () => {
    await makeParts(2);
    await exec(['wimlib-imagex', 'export', at('whole.wim'), 'all', at('solid.esd'), '--solid']);
    using wim = await WimFile.open(at('solid.esd'));
    expect(wim.info.esdFormat).toBe(true);
    await expect(wim.split(at('install.swm'), MEBIBYTE)).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
      hint: expect.stringContaining('solid'),
    });
  });
});

async function makeBase(compression: 'none' | 'LZX', options: { integrity?: boolean } = {}): Promise<void> {
  await makeDrivers(at('base', 'folder'));
  await writeFiles(at('base'), {
    'setup.exe': 'setup',
    'Windows/System32/old.txt': 'old',
    'Windows/System32/large.bin': randomBytes(MEBIBYTE),
  });
  await setTimes(at('base', 'Windows'));
  using wim = await WimFile.create(compression);
  await wim.addFolder(at('base'), 'base', { created: new Date(0) });
  await wim.write(at('base.wim'), options);
}

async function makeParts(mebibytes: number): Promise<void> {
  for (let number = 0; number < mebibytes; number++) {
    await writeFiles(at('parts'), { [`${number}.bin`]: randomBytes(MEBIBYTE) });
  }
  using wim = await WimFile.create('none');
  await wim.addFolder(at('parts'), 'parts');
  await wim.write(at('whole.wim'));
}

async function setTimes(path: string): Promise<void> {
  await exec(['find', path, '-exec', 'touch', '-h', '-d', TIME.toISOString(), '{}', '+']);
}
