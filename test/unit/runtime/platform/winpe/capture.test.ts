import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TargetVolume } from '../../../../../runtime/platform/platform.ts';
import { captureImages } from '../../../../../runtime/platform/winpe/capture.ts';
import { WimFile } from '../../../../../runtime/wim/wim-file.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';
import { winpeHost } from '../../../../helpers/winpe-host.ts';

function volume(letter: string): TargetVolume {
  const common = { role: 'primary', number: 1, startBytes: 0, bytes: 1000, fileSystem: 'ntfs' } as const;
  return { ...common, name: letter, device: `${letter}:\\` };
}

const IMAGES = [
  { volume: volume('W'), name: 'Gold', description: 'Office; version 2' },
  { volume: volume('D'), name: 'Gold (Data)', description: '' },
];

/** What DISM leaves: a WIM with an integrity table. */
async function writeImage(file: string): Promise<void> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { a: 'a' });
  using wim = await WimFile.create('none');
  await wim.addFolder(folder, 'a');
  await wim.write(file, { integrity: true });
}

/** A host whose DISM writes what it is told to, and fails at a call. */
async function host(failAt = 0) {
  let calls = 0;
  const scripts: string[] = [];
  const made = await winpeHost({
    dism: async (line) => {
      calls += 1;
      scripts.push(await readFile(/\/ConfigFile:(\S+)/.exec(line)?.[1] ?? '', 'latin1'));
      const file = /\/ImageFile:(\S+)/.exec(line)?.[1] ?? '';
      await writeImage(file);
      return calls === failAt ? { exitCode: 112 } : { stdout: '[====  50.0%      ]\r\n' };
    },
  });
  return { made, scripts, file: join(made.drive('E'), 'images/gold.wim') };
}

const shown = (lines: readonly string[], folder: string): string[] =>
  lines.map((line) =>
    line
      .replaceAll(folder, 'E:')
      .replace(/\/ConfigFile:\S+/, '/ConfigFile:INI')
      .replace(/\/LogPath:\S+/, '/LogPath:LOG'),
  );

describe('captureImages', () => {
  it('begins a file with the first volume, adds the others, and gives it its name when it is whole', async () => {
    const { made, scripts, file } = await host();
    const progress: number[] = [];
    await captureImages(made, IMAGES, file, {
      exclusions: ['\\Temp'],
      onProgress: ({ doneBytes }) => progress.push(doneBytes),
    });
    expect(shown(made.lines, made.drive('E'))).toMatchInlineSnapshot(`
      [
        "X:\\Windows\\System32\\dism.exe /English /Capture-Image /ImageFile:E:/images/gold.part.wim /CaptureDir:W:\\ /Name:Gold /Description:Office; version 2 /ConfigFile:INI /Compress:max /CheckIntegrity /Verify /LogPath:LOG",
        "X:\\Windows\\System32\\dism.exe /English /Append-Image /ImageFile:E:/images/gold.part.wim /CaptureDir:D:\\ /Name:Gold (Data) /ConfigFile:INI /CheckIntegrity /Verify /LogPath:LOG",
      ]
    `);
    expect(scripts[1]).toContain('\\pagefile.sys\r\n');
    expect(scripts[1]).toContain('\\Temp\r\n');
    expect(await readdir(join(made.drive('E'), 'images'))).toEqual(['gold.wim']);
    expect(progress).toEqual([500, 1500]);
  });

  it('leaves nothing behind when what was written is not what is read', async () => {
    const { made, file } = await host();
    const unfinished = file.replace('.wim', '.part.wim');
    const reread = async (): Promise<void> => {
      const bytes = await readFile(unfinished);
      bytes[208] = (bytes[208] ?? 0) ^ 1;
      await writeFile(unfinished, bytes);
    };
    await expect(captureImages(made, IMAGES, file, { exclusions: [], reread })).rejects.toMatchObject({
      code: 'READ_BACK_FAILED',
    });
    expect(await readdir(join(made.drive('E'), 'images'))).toEqual([]);
  });

  it('leaves nothing behind when it fails', async () => {
    const { made, file } = await host(2);
    await expect(captureImages(made, IMAGES, file, { exclusions: [] })).rejects.toMatchObject({
      code: 'VOLUME_TOO_SMALL',
      message: expect.stringContaining('D (D:\\) could not be captured'),
    });
    expect(await readdir(join(made.drive('E'), 'images'))).toEqual([]);
  });

  it('replaces no file', async () => {
    const { made, file } = await host();
    await writeFiles('/', { [file]: 'precious' });
    await expect(captureImages(made, IMAGES, file, { exclusions: [] })).rejects.toMatchObject({
      code: 'OUTPUT_EXISTS',
    });
    expect(await readFile(file, 'utf8')).toBe('precious');
    expect(made.lines).toEqual([]);
  });
});
