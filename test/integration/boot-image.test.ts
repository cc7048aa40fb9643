import { copyFile, mkdir, readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type BootImageOptions, customiseBootImage } from '../../builder/boot/winpe/customise.ts';
import { exportHive, registryValue } from '../../builder/tools/hivexregedit.ts';
import { exec } from '../../runtime/host/exec.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { type BootWim, makeBootWim, systemHive } from '../helpers/boot-wim.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';

const MEDIUM_ID = '0f2c8a52-6c86-4d0b-9f3b-3a6f3a0c5e11';
const TIME = new Date('2026-01-02T03:04:05Z');
const INF = (decoration: string) =>
  `[Version]\r\nSignature="$WINDOWS NT$"\r\n[Manufacturer]\r\nAcme=Models,${decoration}\r\n[Models.${decoration}]\r\nDisk=Install,PCI\\VEN_1234\r\n`;

let folder: string;
const at = (...names: string[]) => join(folder, ...names);

beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(at('workspace'));
  await writeFiles(folder, { 'mediasmith.exe': Buffer.alloc(500_000, 'runtime '), 'disk/Disk.INF': INF('NTamd64') });
});

function optionsFor(name: string, more: Partial<BootImageOptions> = {}): BootImageOptions {
  return {
    wim: at(name),
    executable: at('mediasmith.exe'),
    imports: ['kernel32.dll', 'api-ms-win-core-synch-l1-2-0.dll'],
    architecture: 'x64',
    bootImage: MEDIUM_ID,
    identityTime: TIME,
    drivers: [],
    commandPrompt: false,
    workspace: at('workspace'),
    ...more,
  };
}

async function everything(name: string): Promise<BootImageOptions> {
  await writeFiles(folder, {
    'files/Tools/tool.exe': 'tool',
    'files/windows/SYSTEM32/extra.dll': 'extra',
    'logo.jpg': Buffer.from('ffd8ffe000104a464946', 'hex'),
    'disk/x86/disk.sys': 'driver',
  });
  return optionsFor(name, {
    imports: ['KERNEL32.DLL', 'extra.dll'],
    drivers: [{ name: 'Disk', folder: at('disk') }],
    scratchSpaceMiB: 256,
    files: at('files'),
    background: at('logo.jpg'),
    publicKey: 'a key',
    keyboardLayout: '0407:00000407',
    commandPrompt: true,
  });
}

describe('a customised boot image', () => {
  it('has everything at its place and says so', async () => {
    await makeBootWim(folder, at('boot.wim'), {
      images: ['Microsoft Windows PE (amd64)', 'Microsoft Windows Setup (amd64)'],
      bootIndex: 2,
      files: {
        '$windows.~bt/Sources/setup.exe': 'setup',
        'Windows/servicing/Packages/WinPE-WMI-Package~31bf3856ad364e35~amd64~~10.0.22621.1.mum': '',
      },
    });
    const report = await customiseBootImage(await everything('boot.wim'), exec);
    expect(report).toEqual({
      image: {
        index: 2,
        name: 'Microsoft Windows Setup (amd64)',
        architecture: 'x64',
        version: '10.0.22621.2428',
        languages: ['en-US'],
      },
      components: ['WMI'],
      tools: ['diskpart', 'wpeinit', 'wpeutil'],
      missingDlls: ['mpr.dll', 'netapi32.dll', 'tbs.dll'],
      added: [
        '\\Tools\\tool.exe',
        '\\Windows\\System32\\config\\SYSTEM',
        '\\Windows\\System32\\winpe.jpg',
        '\\Windows\\System32\\winpeshl.ini',
        '\\mediasmith\\drivers\\Disk',
        '\\mediasmith\\failed.txt',
        '\\mediasmith\\mediasmith.exe',
        '\\mediasmith\\medium.json',
        '\\windows\\SYSTEM32\\extra.dll',
      ],
      renamed: [
        ['\\setup.exe', '\\setup.exe.orig'],
        ['\\$Windows.~BT\\sources\\setup.exe', '\\$Windows.~BT\\sources\\setup.exe.orig'],
      ],
    });
    using wim = await WimFile.open(at('boot.wim'));
    await wim.verify();
    expect(wim.info).toMatchObject({ bootIndex: 2, compression: 'LZX', imageCount: 2, esdFormat: false });
    expect(await wim.exists(1, '/mediasmith')).toBe(false);
    expect(await wim.exists(1, '/setup.exe')).toBe(true);
    for (const path of ['/setup.exe', '/$Windows.~BT/sources/setup.exe']) expect(await wim.exists(2, path)).toBe(false);
    for (const path of [
      '/sources/setup.exe',
      '/mediasmith/drivers/Disk/x86/disk.sys',
      '/Windows/System32/startnet.cmd',
    ]) {
      expect(await wim.exists(2, path)).toBe(true);
    }
    await wim.applyToFolder(2, at('out'));
    const text = (path: string) => readFile(at('out', path), 'utf8');
    expect(await text('mediasmith/mediasmith.exe')).toBe(await text('../mediasmith.exe'));
    expect(JSON.parse(await text('mediasmith/medium.json'))).toEqual({
      formatVersion: 1,
      bootImage: MEDIUM_ID,
      publicKey: 'a key',
      keyboardLayout: '0407:00000407',
      commandPrompt: true,
      drivers: ['drivers/Disk'],
    });
    expect(await text('Windows/System32/winpeshl.ini')).toBe(
      [
        '[LaunchApps]',
        '%SYSTEMROOT%\\System32\\wpeinit.exe',
        '%SYSTEMDRIVE%\\mediasmith\\mediasmith.exe, run',
        '%SYSTEMROOT%\\System32\\cmd.exe, /k type %SYSTEMDRIVE%\\mediasmith\\failed.txt',
        '',
      ].join('\r\n'),
    );
    expect(await text('mediasmith/failed.txt')).toMatch(/wpeutil reboot\r\n/);
    const filter = await exportHive(at('out', 'Windows/System32/config/SYSTEM'), 'ControlSet001\\Services\\FBWF', exec);
    const key = 'ControlSet001\\Services\\FBWF';
    expect(registryValue(filter, key, 'WinPECacheThreshold')).toEqual({ type: 'DWORD', data: 256 });
    expect(registryValue(filter, key, 'Start')).toEqual({ type: 'DWORD', data: 0 });
    expect(await readdir(at('workspace'))).toEqual([]);
  });

  it('has the same bytes whenever it is made, and nothing compressed anew', async () => {
    await makeBootWim(folder, at('boot.wim'));
    const options = await everything('boot.wim');
    const original = await readFile(at('boot.wim'));
    const made: Buffer[] = [];
    for (const name of ['1.wim', '2.wim']) {
      await writeFile(at(name), original);
      await customiseBootImage({ ...options, wim: at(name) }, exec);
      made.push(await readFile(at(name)));
      for (const path of ['mediasmith.exe', 'disk/Disk.INF', 'files/Tools', 'logo.jpg'])
        await utimes(at(path), 1e9, 1e9);
    }
    const [first = Buffer.of(), second = Buffer.of()] = made;
    expect(first.equals(second)).toBe(true);
    expect(first.subarray(208, original.length).equals(original.subarray(208))).toBe(true);
    expect((await exec(['wimlib-imagex', 'info', at('1.wim'), '1'])).stdout).toMatch(
      /Last Modification.* Jan 02 03:04:05 2026/,
    );
    const dir = await exec(['wimlib-imagex', 'dir', '--detailed', at('1.wim'), '1', '--path=/mediasmith']);
    const times = dir.stdout.split('\n').filter((line) => /(Creation|Modification|Access) Time/.test(line));
    expect(times.length).toBeGreaterThan(9);
    expect(times.filter((line) => !line.includes('Jan 02 03:04:05 2026'))).toEqual([]);
  });

  it('needs no more than a runtime, and is made bootable', async () => {
    await makeBootWim(folder, at('boot.wim'), { compression: 'XPRESS', files: { 'setup.exe': null } });
    const report = await customiseBootImage(optionsFor('boot.wim'), exec);
    expect(report.renamed).toEqual([]);
    expect(report.components).toEqual([]);
    using wim = await WimFile.open(at('boot.wim'));
    expect(wim.info).toMatchObject({ bootIndex: 1, compression: 'XPRESS' });
  });

  it('is told by single files what it has where there is no list of packages', async () => {
    const files = {
      'Windows/System32/cscript.exe': 'x',
      'Windows/System32/wbem/WmiPrvSE.exe': 'x',
      'Windows/Microsoft.NET/Framework64/v4.0.30319/clr.dll': 'x',
    };
    await makeBootWim(folder, at('boot.wim'), { files });
    const report = await customiseBootImage(optionsFor('boot.wim'), exec);
    expect(report.components).toEqual(['NetFX', 'Scripting', 'WMI']);
  });

  it('that is interrupted is as it was', async () => {
    await makeBootWim(folder, at('boot.wim'));
    const before = await readFile(at('boot.wim'));
    const abort = new AbortController();
    const options = optionsFor('boot.wim', { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(customiseBootImage(options, exec)).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect((await readFile(at('boot.wim'))).equals(before)).toBe(true);
    expect(await readdir(at('workspace'))).toEqual([]);
  });
});

type Refusal = {
  wim?: BootWim;
  options?: () => Partial<BootImageOptions>;
  code: string;
  says: RegExp;
  lines?: unknown[];
};

describe('what is refused, before anything is written', () => {
  const files = (tree: Record<string, string | Uint8Array>) => async () => writeFiles(at('given'), tree);

  it.each<[string, Refusal & { make?: () => Promise<void> }]>([
    [
      'a WIM without a PE',
      {
        wim: { files: { 'Windows/System32/winpeshl.exe': null } },
        code: 'BOOT_IMAGE_INVALID',
        says: /no Windows PE/,
        lines: ['missing: \\Windows\\System32\\winpeshl.exe'],
      },
    ],
    ['a 32-bit image', { wim: { architecture: 0 }, code: 'BOOT_IMAGE_INVALID', says: /32-bit/ }],
    [
      'an image of another architecture',
      { wim: { architecture: 12 }, code: 'ARCHITECTURE_MISMATCH', says: /for arm64, the runtime for x64/ },
    ],
    [
      'an image without an architecture',
      { wim: { architecture: null }, code: 'BOOT_IMAGE_INVALID', says: /architecture/ },
    ],
    ['LZMS', { wim: { compression: 'LZMS' }, code: 'BOOT_IMAGE_INVALID', says: /LZMS/ }],
    [
      'several images of which none is the one',
      {
        wim: { images: ['One', 'Two'] },
        code: 'BOOT_IMAGE_INVALID',
        says: /which of its images/,
        lines: ['1: One', '2: Two'],
      },
    ],
    ['an image that is not there', { options: () => ({ index: 2 }), code: 'IMAGE_NOT_FOUND', says: /no image 2/ }],
    [
      'a missing DLL',
      {
        options: () => ({ imports: ['WINMM.dll', 'dbghelp.dll', 'kernel32.dll'] }),
        code: 'RUNTIME_DLL_MISSING',
        says: /lacks dbghelp.dll, winmm.dll/,
      },
    ],
    [
      'a driver for another architecture',
      {
        make: files({ 'a.inf': INF('NTx86'), 'sub/b.inf': INF('NTarm64'), 'autorun.inf': '[autorun]' }),
        options: () => ({ drivers: [{ name: 'net', folder: at('given') }] }),
        code: 'DRIVER_WRONG_ARCHITECTURE',
        says: /"net" has no driver for x64/,
        lines: ['a.inf: x86', 'autorun.inf: no driver', 'sub/b.inf: arm64'],
      },
    ],
    [
      'a driver package without an INF',
      {
        make: files({ 'setup.exe': 'x' }),
        options: () => ({ drivers: [{ name: 'net', folder: at('given') }] }),
        code: 'SOURCE_INVALID',
        says: /no INF/,
      },
    ],
    [
      'a driver package that is not there',
      {
        options: () => ({ drivers: [{ name: 'net', folder: at('absent') }] }),
        code: 'SOURCE_NOT_FOUND',
        says: /does not exist/,
      },
    ],
    [
      'a background that is no JPEG',
      {
        make: files({ 'logo.jpg': 'PNG' }),
        options: () => ({ background: at('given/logo.jpg') }),
        code: 'SOURCE_INVALID',
        says: /no JPEG/,
      },
    ],
    [
      'files in place of ours',
      {
        make: files({ 'windows/system32/WINPESHL.INI': 'x', 'Setup.exe': 'x' }),
        options: () => ({ files: at('given') }),
        code: 'SOURCE_INVALID',
        says: /Windows\/System32\/winpeshl.ini, setup.exe/,
      },
    ],
    [
      'a file in place of our folder',
      {
        make: files({ MediaSmith: 'x' }),
        options: () => ({ files: at('given') }),
        code: 'SOURCE_INVALID',
        says: /mediasmith/,
      },
    ],
    [
      'a hive without the write filter',
      {
        wim: { files: { 'Windows/System32/config/SYSTEM': systemHive({}, 'ControlSet001\\Services\\Other') } },
        options: () => ({ scratchSpaceMiB: 512 }),
        code: 'BOOT_IMAGE_INVALID',
        says: /scratch space/,
      },
    ],
    [
      'a broken hive',
      {
        wim: { files: { 'Windows/System32/config/SYSTEM': 'no hive' } },
        options: () => ({ scratchSpaceMiB: 512 }),
        code: 'SOURCE_INVALID',
        says: /^Windows\/System32\/config\/SYSTEM in \S+\/boot\.wim is not a registry hive/,
      },
    ],
    [
      'no hive at all',
      {
        wim: { files: { 'Windows/System32/config/SYSTEM': null } },
        options: () => ({ scratchSpaceMiB: 512 }),
        code: 'BOOT_IMAGE_INVALID',
        says: /boot\.wim has no SYSTEM hive/,
      },
    ],
  ])('%s', async (_, { wim, make, options, code, says, lines }) => {
    await makeBootWim(folder, at('boot.wim'), wim);
    await make?.();
    const before = await readFile(at('boot.wim'));
    await expect(customiseBootImage(optionsFor('boot.wim', options?.()), exec)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(says),
      hint: expect.any(String),
      ...(lines !== undefined && { lines }),
    });
    expect((await readFile(at('boot.wim'))).equals(before)).toBe(true);
    expect(await readdir(at('workspace'))).toEqual([]);
  });

  it('names the source and not the copy that is changed', async () => {
    await makeBootWim(folder, at('boot.wim'));
    const bytes = await readFile(at('boot.wim'));
    bytes.writeUInt32LE(bytes.readUInt32LE(16) | 4, 16);
    await writeFile(at('boot.wim'), bytes);
    const error = await customiseBootImage(optionsFor('boot.wim', { source: 'Win11.iso' }), exec).catch(
      (cause) => cause,
    );
    expect(error).toMatchObject({ code: 'SOURCE_INVALID', where: 'Win11.iso' });
    expect(`${error.message} ${error.hint} ${error.lines}`).not.toContain(folder);
  });

  it('a solid file', async () => {
    await makeBootWim(folder, at('plain.wim'));
    await exec(['wimlib-imagex', 'export', at('plain.wim'), 'all', at('boot.wim'), '--solid']);
    await expect(customiseBootImage(optionsFor('boot.wim'), exec)).rejects.toMatchObject({
      code: 'BOOT_IMAGE_INVALID',
      message: expect.stringContaining('solid'),
    });
  });
});

it('takes an image of Windows whose System32 is written otherwise', async () => {
  await makeBootWim(folder, at('boot.wim'), {
    files: { 'Windows/System32/config/SYSTEM': null, 'Windows/System32/Config/system': systemHive() },
  });
  await copyFile(at('boot.wim'), at('before.wim'));
  await customiseBootImage(optionsFor('boot.wim', { scratchSpaceMiB: 64 }), exec);
  using wim = await WimFile.open(at('boot.wim'));
  expect((await wim.listPaths(1, '/Windows/System32/config')).map(({ path }) => path)).toHaveLength(1);
  await wim.extractPaths(1, ['/Windows/System32/config/SYSTEM'], at('hive'), { flat: true });
  const [name = ''] = await readdir(at('hive'));
  expect((await stat(at('hive', name))).size).toBeGreaterThan(4096);
  const keys = await exportHive(at('hive', name), 'ControlSet001\\Services\\FBWF', exec);
  expect(registryValue(keys, 'ControlSet001\\Services\\FBWF', 'WinPECacheThreshold')).toEqual({
    type: 'DWORD',
    data: 64,
  });
});
