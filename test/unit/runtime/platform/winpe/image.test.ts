import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TargetVolume } from '../../../../../runtime/platform/platform.ts';
import {
  addDrivers,
  applyImage,
  extractImage,
  percentOf,
  setLayeredDriver,
} from '../../../../../runtime/platform/winpe/image.ts';
import { imageBytesIn, readWimSummary } from '../../../../../runtime/platform/winpe/wim-header.ts';
import { WimFile } from '../../../../../runtime/wim/wim-file.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';
import { winpeHost } from '../../../../helpers/winpe-host.ts';

const WINDOWS: TargetVolume = {
  name: 'Windows',
  role: 'primary',
  device: 'W:\\',
  number: 3,
  startBytes: 1024 ** 2,
  bytes: 1024 ** 3,
  fileSystem: 'ntfs',
};
const XML =
  '<WIM><TOTALBYTES>77</TOTALBYTES><IMAGE INDEX="1"><DIRCOUNT>1</DIRCOUNT><TOTALBYTES>500</TOTALBYTES></IMAGE>' +
  '<IMAGE INDEX="2"><NAME>two</NAME><TOTALBYTES>2000</TOTALBYTES></IMAGE></WIM>';

/** The header and the description of a WIM, in the places where Microsoft's specification has them. */
function wim({ parts = 1 } = {}): Buffer {
  const xml = Buffer.from(`\ufeff${XML}`, 'utf16le');
  const header = Buffer.alloc(208);
  header.write('MSWIM\0\0\0', 'latin1');
  header.writeUInt16LE(parts, 42);
  header.writeUIntLE(xml.length, 72, 6);
  header.writeBigUInt64LE(300n, 80);
  return Buffer.concat([header, Buffer.alloc(92), xml]);
}

const DISM = 'X:\\Windows\\System32\\dism.exe /English';

describe('where somebody has laid libwim beside the runtime', () => {
  async function withLibwim() {
    const host = await winpeHost();
    await writeFiles(host.startFolder, { 'libwim-15.dll': '' });
    const [source, file] = [await temporaryFolder(), join(host.drive('D'), 'windows.wim')];
    await writeFiles(source, { 'Windows/explorer.exe': 'a program' });
    await writeFiles(host.drive('D'), { 'other.txt': '' });
    using made = await WimFile.create('LZX');
    await made.addFolder(source, 'one', {});
    await made.write(file);
    return { host, file };
  }

  it('unpacks by it, and DISM is not called', async () => {
    const { host, file } = await withLibwim();
    const folder = join(host.drive('W'), 'Drivers/nic');
    await mkdir(dirname(folder), { recursive: true });
    await extractImage(host, file, 1, folder, {});
    expect(await readFile(join(folder, 'Windows/explorer.exe'), 'utf8')).toBe('a program');
    expect(host.lines).toEqual([]);
  });

  it('applies by it, and DISM is not called', async () => {
    const { host, file } = await withLibwim();
    const device = host.drive('W');
    await mkdir(device, { recursive: true });
    await applyImage(host, file, 1, { ...WINDOWS, device }, {});
    expect(await readFile(join(device, 'Windows/explorer.exe'), 'utf8')).toBe('a program');
    expect(host.lines).toEqual([]);
  });
});

describe('applyImage', () => {
  it('calls DISM with a scratch folder on the volume, which is gone afterwards, and counts bytes', async () => {
    let scratch: string[] = [];
    const host = await winpeHost({
      dism: async () => {
        scratch = await readdir(host.drive('W'));
        return { stdout: 'Deployment Image\r\n\r[=====     25.0%       ] \r\n[=====100.0%======]\r\n' };
      },
    });
    await writeFiles(host.drive('D'), { 'images/windows.wim': wim() });
    const file = join(host.drive('D'), 'images/windows.wim');
    const progress: number[][] = [];
    await applyImage(host, file, 2, WINDOWS, {
      onProgress: ({ doneBytes, totalBytes }) => progress.push([doneBytes, totalBytes]),
    });
    expect(host.lines).toEqual([
      `${DISM} /Apply-Image /ImageFile:${file} /Index:2 /ApplyDir:W:\\ /ScratchDir:W:\\MediasmithScratch /LogPath:${join(host.logFolder, 'dism.log')}`,
    ]);
    expect(scratch).toEqual(['MediasmithScratch']);
    expect(await readdir(host.drive('W'))).toEqual([]);
    expect(progress).toEqual([
      [500, 2000],
      [2000, 2000],
    ]);
  });

  it('names the parts of a split image', async () => {
    const host = await winpeHost();
    await writeFiles(host.drive('D'), { 'win.swm': wim({ parts: 2 }), 'win2.swm': '', 'win-pro.swm': '' });
    await applyImage(host, join(host.drive('D'), 'win.swm'), 1, WINDOWS, {});
    expect(host.lines[0]).toContain(' /SWMFile:');
    expect(host.lines[0]).toContain('\\win?.swm ');
  });

  it('refuses a split image of which a part is missing', async () => {
    const host = await winpeHost();
    await writeFiles(host.drive('D'), { 'win.swm': wim({ parts: 3 }), 'win2.swm': '' });
    const applying = applyImage(host, join(host.drive('D'), 'win.swm'), 1, WINDOWS, {});
    await expect(applying).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
    expect(host.lines).toEqual([]);
  });

  it.each([
    [112, 'VOLUME_TOO_SMALL'],
    [2, 'IMAGE_APPLY_FAILED'],
    [13, 'IMAGE_CORRUPT'],
  ])('that ends with %i is %s, with the end of its log', async (exitCode, code) => {
    const host = await winpeHost({
      dism: async () => {
        await writeFiles(host.logFolder, { 'dism.log': 'Info\r\nError: the reason\r\n' });
        return { exitCode };
      },
    });
    await writeFiles(host.drive('D'), { 'windows.wim': wim() });
    const applying = applyImage(host, join(host.drive('D'), 'windows.wim'), 1, WINDOWS, {});
    await expect(applying).rejects.toMatchObject({
      code,
      message: expect.stringContaining('the image could not be applied to Windows (W:\\): dism ended with'),
      lines: ['Info', 'Error: the reason'],
    });
    expect(await readdir(host.drive('W'))).toEqual([]);
  });
});

it('extractImage makes the folder', async () => {
  const host = await winpeHost();
  const folder = join(await temporaryFolder(), 'a/b');
  await extractImage(host, '/nowhere.wim', 4, folder, {});
  expect((await stat(folder)).isDirectory()).toBe(true);
  const log = join(host.logFolder, 'dism.log');
  expect(host.lines).toEqual([
    `${DISM} /Apply-Image /ImageFile:/nowhere.wim /Index:4 /ApplyDir:${folder} /LogPath:${log}`,
  ]);
});

it('addDrivers', async () => {
  const host = await winpeHost();
  await addDrivers(host, WINDOWS, 'W:\\Drivers\\nic', {});
  const log = join(host.logFolder, 'dism.log');
  expect(host.lines).toEqual([
    `${DISM} /Image:W:\\ /Add-Driver /Driver:W:\\Drivers\\nic /Recurse /ScratchDir:W:\\MediasmithScratch /LogPath:${log}`,
  ]);
});

it('setLayeredDriver', async () => {
  const host = await winpeHost();
  await setLayeredDriver(host, WINDOWS, 5, {});
  const log = join(host.logFolder, 'dism.log');
  expect(host.lines).toEqual([
    `${DISM} /Image:W:\\ /Set-LayeredDriver:5 /ScratchDir:W:\\MediasmithScratch /LogPath:${log}`,
  ]);
});

it.each([
  ['[                           0.0%                           ] ', 0],
  ['[=========                 17.3%                           ]', 17.3],
  ['[==========================100.0%==========================]', 100],
  ['100 %', undefined],
  ['Error: 50%', undefined],
  ['', undefined],
])('%j is %s percent', (line, percent) => {
  expect(percentOf(line)).toBe(percent);
});

describe('readWimSummary', () => {
  it('reads the header and each image', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { 'a.wim': wim({ parts: 3 }) });
    const images = new Map([
      [1, 500],
      [2, 2000],
    ]);
    expect(await readWimSummary(join(folder, 'a.wim'))).toEqual({ totalParts: 3, imageBytes: images });
    expect(imageBytesIn('')).toEqual(new Map());
  });

  it('makes nothing of other files', async () => {
    const folder = await temporaryFolder();
    await writeFiles(folder, { short: 'MSWIM', other: Buffer.alloc(1000) });
    for (const name of ['short', 'other', 'missing']) expect(await readWimSummary(join(folder, name))).toBeUndefined();
  });
});
