import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { captureImages } from '../../runtime/platform/linux/capture.ts';
import type { TargetVolume } from '../../runtime/platform/platform.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { makeNtfs } from './wim-fixtures.ts';

/** An NTFS volume with these files, filled by libwim itself: nothing needs to be mounted. */
async function ntfsVolume(folder: string, name: string, files: Record<string, string>): Promise<TargetVolume> {
  const device = join(folder, `${name}.img`);
  await makeNtfs(device, 16);
  await writeFiles(join(folder, name), files);
  using wim = await WimFile.create('none');
  await wim.addFolder(join(folder, name), name);
  await wim.write(join(folder, `${name}.wim`));
  using written = await WimFile.open(join(folder, `${name}.wim`));
  await written.applyToNtfsVolume(1, device);
  return { name, role: 'primary', device, number: 1, startBytes: 0, bytes: 1, fileSystem: 'ntfs' };
}

async function paths(wim: WimFile, index: number): Promise<string[]> {
  const entries = await wim.listPaths(index, '/', { recursive: true });
  return entries.filter(({ directory }) => !directory).map(({ path }) => path);
}

describe('captureImages on Linux', () => {
  it('writes an image for each volume, without what is left out', async () => {
    const folder = await temporaryFolder();
    const windows = await ntfsVolume(folder, 'windows', {
      'Windows/explorer.exe': 'x',
      'Windows/CSC/cached': 'x',
      'pagefile.sys': 'x',
      '_SMSTaskSequence/journal': 'secret',
      'Users/me/Downloads/big.bin': 'x',
      'Users/me/kept.txt': 'x',
    });
    const data = await ntfsVolume(folder, 'data', { 'a.txt': 'x', 'a.tmp': 'x' });
    const file = join(folder, 'out/gold.wim');
    const images = [
      { volume: windows, name: 'Gold', description: 'Office; version 2' },
      { volume: data, name: 'Gold (Data)', description: '' },
    ];
    await captureImages(images, file, { exclusions: ['\\Users\\*\\Downloads', '*.tmp'] });
    expect(await readdir(join(folder, 'out'))).toEqual(['gold.wim']);
    using wim = await WimFile.open(file);
    expect(wim.images().map(({ index, name }) => [index, name])).toEqual([
      [1, 'Gold'],
      [2, 'Gold (Data)'],
    ]);
    expect(await paths(wim, 1)).toEqual(['/Users/me/kept.txt', '/Windows/explorer.exe']);
    expect(await paths(wim, 2)).toEqual(['/a.txt']);
    await wim.verify();
  });

  it('finds one byte that came out otherwise than it was written, and leaves nothing', async () => {
    const folder = await temporaryFolder();
    const windows = await ntfsVolume(folder, 'windows', { 'Windows/big.bin': 'incompressible?'.repeat(5000) });
    const images = [{ volume: windows, name: 'Gold', description: '' }];
    const file = join(folder, 'out/gold.wim');
    const reread = async (): Promise<void> => {
      const unfinished = join(folder, 'out/gold.part.wim');
      const bytes = await readFile(unfinished);
      bytes[230] = (bytes[230] ?? 0) ^ 1;
      await writeFile(unfinished, bytes);
    };
    await expect(captureImages(images, file, { exclusions: [], reread })).rejects.toMatchObject({
      code: 'READ_BACK_FAILED',
    });
    expect(await readdir(join(folder, 'out'))).toEqual([]);
  });

  it('leaves nothing of a capture that is interrupted, and what it was to replace', async () => {
    const folder = await temporaryFolder();
    const windows = await ntfsVolume(folder, 'windows', { 'Windows/a.bin': 'x'.repeat(100_000) });
    const images = [{ volume: windows, name: 'Gold', description: '' }];
    const file = join(folder, 'out/gold.wim');
    await writeFiles(folder, { 'out/gold.wim': 'precious' });
    const interrupt = new AbortController();
    const running = captureImages(images, file, {
      ...{ exclusions: [], overwrite: true, signal: interrupt.signal },
      reread: async () => interrupt.abort(),
    });
    await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(await readdir(join(folder, 'out'))).toEqual(['gold.wim']);
    expect(await readFile(file, 'utf8')).toBe('precious');
    await captureImages(images, file, { exclusions: [], overwrite: true });
    using wim = await WimFile.open(file);
    await wim.verify();
  });

  it('leaves nothing behind when a volume cannot be read, and replaces no file', async () => {
    const folder = await temporaryFolder();
    const device = join(folder, 'no.img');
    await writeFile(device, 'no file system');
    const broken = {
      name: 'X',
      role: 'primary',
      device,
      number: 1,
      startBytes: 0,
      bytes: 1,
      fileSystem: 'ntfs',
    } as const;
    const images = [{ volume: broken, name: 'X', description: '' }];
    await expect(captureImages(images, join(folder, 'out/a.wim'), { exclusions: [] })).rejects.toThrow();
    expect(await readdir(join(folder, 'out'))).toEqual([]);
    await writeFile(join(folder, 'out/a.wim'), 'precious');
    await expect(captureImages(images, join(folder, 'out/a.wim'), { exclusions: [] })).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
    });
  });
});
