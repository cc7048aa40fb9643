import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashBytes } from '../../../../../builder/hash.ts';
import type { Manifest } from '../../../../../runtime/contract/manifest.ts';
import type { Medium, TargetDisk, TargetVolume } from '../../../../../runtime/platform/platform.ts';
import { addSetupComplete } from '../../../../../runtime/platform/setup-complete.ts';
import { volumeFiles } from '../../../../../runtime/platform/volume-files.ts';
import { fakeWin32 } from '../../../../helpers/fake-win32.ts';
import { aManifest } from '../../../../helpers/manifest.ts';
import { writeFiles } from '../../../../helpers/temporary-folder.ts';
import { type WindowsMachine, windowsMachine } from '../../../../helpers/windows-machine.ts';

const ID = '3b241101-e2bb-4255-8caf-4136c566a962';
const MANIFEST = { 'mediasmith/manifest.json': `{"id": "${ID}"}` };
const CREATE_TASK =
  'schtasks /Create /TN Mediasmith resume /XML <file> /F C:\\_SMSTaskSequence\\bin\\mediasmith.exe resume';
const PROTECT = [
  'icacls C:\\_SMSTaskSequence /setowner *S-1-5-32-544 /T /L /Q',
  'icacls C:\\_SMSTaskSequence /reset /T /L /Q',
  'icacls C:\\_SMSTaskSequence /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F /grant:r *S-1-5-32-544:(OI)(CI)F /Q',
];
const DELETE_TASK = 'schtasks /Delete /TN Mediasmith resume /F';

function mediumAt(root: string, files: Manifest['files'] = []): Medium {
  return { root, device: 'D:', disk: '', launchMode: 'UFD', manifest: aManifest({ bootEnvironment: 'winpe', files }) };
}

/** STORAGE_DEVICE_NUMBER: the kind of the device, the disk, the partition. */
function numberOf(...words: number[]): Buffer {
  return Buffer.from(Uint32Array.from(words).buffer);
}

function volume(name: string, device: string, number: number): TargetVolume {
  return { name, role: 'primary', device, number, startBytes: 0, bytes: 1, fileSystem: 'ntfs' };
}

describe('the medium', () => {
  it('is the one around the program', async () => {
    const { platform, drive, windows } = await windowsMachine({ program: 'D/setup/bin/mediasmith.exe' });
    windows.drives.D = { type: 'cdrom' };
    await writeFiles(drive('D'), MANIFEST);
    expect(await platform.bootOptions()).toEqual({ mediumId: ID, sequenceId: undefined });
    expect((await platform.findMedium(ID)).root).toBe(drive('D'));
  });

  it('is found on another drive by a program that has been copied from it', async () => {
    const { platform, drive, windows } = await windowsMachine({ program: 'C/_SMSTaskSequence/bin/mediasmith.exe' });
    windows.drives.F = { type: 'removable', disk: 2 };
    await writeFiles(drive('F'), MANIFEST);
    expect(await platform.findMedium(ID)).toMatchObject({ root: drive('F'), device: 'F:', launchMode: 'UFD' });
    await expect(platform.bootOptions()).rejects.toMatchObject({ code: 'MEDIUM_NOT_FOUND' });
  });

  it('is found again after a restart where it is a folder', async () => {
    const { platform, drive } = await windowsMachine({ program: 'C/_SMSTaskSequence/bin/mediasmith.exe' });
    const folder = join(drive('C'), 'media/one');
    await writeFiles(folder, MANIFEST);
    await platform.arrangeRestart({ into: 'full-os', target: undefined, medium: mediumAt(folder) });
    expect((await platform.findMedium(ID)).root).toBe(folder);
  });

  it('that is another around the program is passed over', async () => {
    const { platform, drive, windows } = await windowsMachine();
    await writeFiles(drive('D'), { 'mediasmith/manifest.json': `{"id": "${ID.replace('3', '4')}"}` });
    windows.drives.E = { type: 'cdrom' };
    await writeFiles(drive('E'), MANIFEST);
    expect(await platform.findMedium(ID)).toMatchObject({ root: drive('E'), launchMode: 'DVD' });
  });
});

it('is prepared only for an administrator', async () => {
  const { platform } = await windowsMachine({ answers: { isAdministrator: () => false } });
  await expect(platform.prepare(() => undefined)).rejects.toMatchObject({
    code: 'READINESS_FAILED',
    message: 'mediasmith does not run as administrator',
  });
  await expect((await windowsMachine()).platform.prepare(() => undefined)).resolves.toBeUndefined();
});

it('has the operating system in its inventory', async () => {
  const key = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
  const { platform } = await windowsMachine({
    keys: { [key]: { ProductName: 'Windows 10 Pro', CurrentBuild: '26100' } },
  });
  expect((await platform.inventory(undefined)).operatingSystem).toMatchObject({
    caption: 'Microsoft Windows 11 Pro',
    build: 26100,
    windowsFolder: 'C:\\Windows',
  });
});

it.each([
  ['restart', ['shutdown /r /f /t 0']],
  ['shutdown', ['shutdown /s /f /t 0']],
  ['shell', []],
] as const)('leaves by %s', async (action, lines) => {
  const machine = await windowsMachine();
  expect(await machine.platform.leave(action)).toBe(0);
  expect(machine.lines).toEqual(lines);
});

it('says by its exit code that the computer could not be restarted', async () => {
  const { platform } = await windowsMachine({ exitCodes: { shutdown: 5 } });
  expect(await platform.leave('restart')).toBe(1);
});

it('installs drivers in itself by pnputil, and in another Windows by DISM', async () => {
  const machine = await windowsMachine();
  expect(await machine.platform.addDrivers(volume('Windows', 'C:\\', 3), 'C:\\drivers', {})).toBe('installed');
  await machine.platform.addDrivers(volume('Windows', 'C:\\', 3), 'C:\\drivers', { recurse: false });
  await machine.platform.addDrivers(volume('Other', 'E:\\', 1), 'C:\\drivers', {});
  expect(machine.lines[0]).toBe('pnputil /add-driver C:\\drivers\\*.inf /subdirs /install');
  expect(machine.lines[1]).toBe('pnputil /add-driver C:\\drivers\\*.inf /install');
  expect(machine.lines[2]).toMatch(/^dism \/English \/Image:E:\\ \/Add-Driver \/Driver:C:\\drivers \/Recurse /);
});

it.each([0, 259, 3010])('takes exit code %i of pnputil for success', async (code) => {
  const { platform } = await windowsMachine({ exitCodes: { pnputil: code } });
  await expect(platform.addDrivers(volume('Windows', 'C:\\', 3), 'C:\\drivers', {})).resolves.toBe('installed');
});

describe('what only a boot environment can do', () => {
  const target: TargetDisk = { device: '', style: 'gpt', identity: '', volumes: [] };
  const start = { target, windows: volume('Windows', 'C:\\', 3), locale: 'en-US' };
  const table = { style: 'gpt', identity: '', partitions: [] } as never;

  it.each<[string, (machine: WindowsMachine) => Promise<unknown>]>([
    ['partitionDisk', ({ platform }) => platform.partitionDisk({} as never, table, '', {})],
    ['formatVolume', ({ platform }) => platform.formatVolume(target, start.windows, {})],
    ['captureImages', ({ platform }) => platform.captureImages([], 'D:\\x.wim', { exclusions: [] })],
    ['prepareBoot', ({ platform }) => platform.prepareBoot(start, {})],
    ['activateBoot', ({ platform }) => platform.activateBoot(start, {})],
  ])('is refused: %s', async (_, deed) => {
    const machine = await windowsMachine();
    await expect(deed(machine)).rejects.toMatchObject({ code: 'STEP_FAILED', hint: expect.stringContaining('WinPE') });
    expect(machine.lines).toEqual([]);
  });
});

describe('a restart', () => {
  it('into Windows is gone on from by a task that starts a copy of the program', async () => {
    const { platform, drive, lines } = await windowsMachine();
    await platform.arrangeRestart({ into: 'full-os', target: undefined, medium: mediumAt(drive('D')) });
    expect(await readFile(join(drive('C'), '_SMSTaskSequence/bin/mediasmith.exe'), 'utf8')).toBe('program');
    expect(lines).toEqual([...PROTECT, CREATE_TASK]);
  });

  it('does not copy the program over itself', async () => {
    const { platform, drive, lines } = await windowsMachine({ program: 'C/_SMSTaskSequence/bin/mediasmith.exe' });
    await platform.arrangeRestart({ into: 'full-os', target: undefined, medium: mediumAt(drive('D')) });
    expect(lines).toEqual([...PROTECT, CREATE_TASK]);
  });

  it('into WinPE starts what the medium has, once', async () => {
    const { platform, drive, lines } = await windowsMachine();
    await writeFiles(drive('D'), { 'sources/boot.wim': 'image', 'boot/boot.sdi': 'sdi' });
    await platform.arrangeRestart({ into: 'winpe', target: undefined, medium: mediumAt(drive('D')) });
    for (const [name, text] of [
      ['boot.wim', 'image'],
      ['boot.sdi', 'sdi'],
    ] as const) {
      expect(await readFile(join(drive('C'), '_SMSTaskSequence/boot', name), 'utf8')).toBe(text);
    }
    expect(lines.slice(0, 4)).toEqual([...PROTECT, CREATE_TASK]);
    expect(lines.slice(4, 6).every((line) => line.startsWith('bcdedit /delete'))).toBe(true);
    expect(lines[6]).toMatch(/^bcdedit \/create/);
    expect(lines.at(-1)).toBe('bcdedit /bootsequence {6b0f0f1e-5d6a-4c39-9d0b-2a5b1a7b8c01}');
  });

  it('into WinPE finds its files on the boot volume of a stick with two', async () => {
    const { platform, drive, windows } = await windowsMachine();
    const stick = { type: 'removable', disk: 3 } as const;
    windows.drives = { ...windows.drives, D: stick, E: stick, F: { type: 'removable', disk: 4 } };
    await writeFiles(drive('E'), { 'sources/boot.wim': 'image', 'boot/boot.sdi': 'sdi' });
    await writeFiles(drive('F'), { 'sources/boot.wim': 'another', 'boot/boot.sdi': 'another' });
    await platform.arrangeRestart({ into: 'winpe', target: undefined, medium: mediumAt(drive('D')) });
    expect(await readFile(join(drive('C'), '_SMSTaskSequence/boot/boot.wim'), 'utf8')).toBe('image');
  });

  it('into WinPE takes no file but that of the manifest', async () => {
    const { platform, drive, lines } = await windowsMachine();
    await writeFiles(drive('D'), { 'sources/boot.wim': 'imagE', 'boot/boot.sdi': 'sdi' });
    const files = [{ path: 'sources/boot.wim', bytes: 5, sha256: hashBytes(Buffer.from('image')) }];
    await expect(
      platform.arrangeRestart({ into: 'winpe', target: undefined, medium: mediumAt(drive('D'), files) }),
    ).rejects.toMatchObject({ code: 'MEDIUM_CORRUPT', where: join(drive('D'), 'sources/boot.wim') });
    expect(await readdir(join(drive('C'), '_SMSTaskSequence/boot'))).toEqual([]);
    expect(lines).toEqual([...PROTECT, CREATE_TASK]);
  });

  it('into WinPE is refused where the medium has none', async () => {
    const { platform, drive, lines } = await windowsMachine();
    await expect(
      platform.arrangeRestart({ into: 'winpe', target: undefined, medium: mediumAt(drive('D')) }),
    ).rejects.toMatchObject({ code: 'BOOT_FILES_MISSING' });
    expect(lines.filter((line) => line.startsWith('bcdedit'))).toEqual([]);
  });

  it('into WinPE leaves no half file where it cannot be copied', async () => {
    const { platform, drive, lines } = await windowsMachine();
    await writeFiles(drive('D'), { 'sources/boot.wim': 'image', 'boot/boot.sdi/a folder': '' });
    await expect(
      platform.arrangeRestart({ into: 'winpe', target: undefined, medium: mediumAt(drive('D')) }),
    ).rejects.toMatchObject({ code: 'FILE_SYSTEM', where: join(drive('C'), '_SMSTaskSequence/boot/boot.sdi') });
    expect(await readdir(join(drive('C'), '_SMSTaskSequence/boot'))).toEqual(['boot.wim']);
    expect(lines).toEqual([...PROTECT, CREATE_TASK]);
  });

  it('that cannot be set up is said', async () => {
    const { platform, drive } = await windowsMachine({ exitCodes: { schtasks: 5 } });
    await expect(
      platform.arrangeRestart({ into: 'full-os', target: undefined, medium: mediumAt(drive('D')) }),
    ).rejects.toMatchObject({ code: 'TOOL_FAILED', message: expect.stringContaining('access was denied') });
  });
});

describe('the state', () => {
  it('lies on the drive of Windows and is found there', async () => {
    const { platform, drive } = await windowsMachine();
    expect(await platform.findStates()).toEqual([]);
    const state = await platform.openState(undefined, 'full-os');
    await state?.replace(Buffer.from('state'));
    await state?.close();
    const [found] = await platform.findStates();
    expect(found?.place).toBe('C:\\');
    expect(String(await found?.read())).toBe('state');
    expect(await readFile(join(drive('C'), '_SMSTaskSequence/journal'), 'utf8')).toBe('state');
  });

  it('is removed with everything that would have gone on with it', async () => {
    const { platform, drive, lines, later } = await windowsMachine();
    await writeFiles(drive('D'), { 'sources/boot.wim': 'image', 'boot/boot.sdi': 'sdi' });
    const state = await platform.openState(undefined, 'full-os');
    await state?.replace(Buffer.from('state'));
    await addSetupComplete(volumeFiles(drive('C')));
    await platform.arrangeRestart({ into: 'winpe', target: undefined, medium: mediumAt(drive('D')) });
    lines.length = 0;
    await (await platform.findStates())[0]?.remove();
    expect(lines[0]).toBe(DELETE_TASK);
    expect(lines.slice(1).every((line) => line.startsWith('bcdedit /delete'))).toBe(true);
    expect(await readdir(join(drive('C'), 'Windows/Setup/Scripts'))).toEqual([]);
    await expect(readFile(join(drive('C'), '_SMSTaskSequence/journal'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect([await platform.findStates(), later]).toEqual([[], []]);
  });

  it('calls no program where nothing was arranged', async () => {
    const { platform, lines } = await windowsMachine();
    const state = await platform.openState(undefined, 'full-os');
    await state?.replace(Buffer.from('state'));
    await state?.remove();
    expect(lines).toEqual([]);
  });
});

it('knows what is free on the drive of Windows', async () => {
  expect(await (await windowsMachine()).platform.freeSpace()).toBeGreaterThan(0);
});

describe('installedWindows', () => {
  const partitions = [
    { number: 1, startBytes: 1, bytes: 100 },
    { number: 3, startBytes: 101, bytes: 1000, guid: 'B0000000-0000-4000-8000-000000000000' },
    { number: 4, startBytes: 1101, bytes: 50 },
  ];

  it('is the one that runs, with the volumes that have letters', async () => {
    const machine = await windowsMachine({
      answers: {
        control: (device, ...asked) => {
          if (device === '\\\\.\\C:') return { data: numberOf(7, 1, 3) };
          if (device === '\\\\.\\E:') return { data: numberOf(7, 1, 4) };
          return fakeWin32(machine.windows).control(device, ...asked);
        },
      },
    });
    const disk = join(machine.drive('C'), '../PhysicalDrive1');
    machine.windows.drives.E = { type: 'fixed' };
    machine.windows.drives.F = { type: 'cdrom' };
    machine.windows.disks[disk] = { layout: { style: 'mbr', identity: 'abcd0123', partitions } };
    const windows = { ...volume('Windows', 'C:\\', 3), startBytes: 101, bytes: 1000 };
    const data = { ...volume('E:', 'E:\\', 4), startBytes: 1101, bytes: 50 };
    expect(await machine.platform.installedWindows()).toEqual([
      { device: disk, style: 'mbr', identity: 'abcd0123', volumes: [windows, data], windows },
    ]);
  });

  it('is none where Windows lies on no plain partition', async () => {
    expect(await (await windowsMachine()).platform.installedWindows()).toEqual([]);
  });
});

describe('recoverTarget', () => {
  const identity = '10000000-0000-4000-8000-000000000000';
  const target: TargetDisk = {
    device: '\\\\.\\PhysicalDrive0',
    style: 'gpt',
    identity,
    volumes: [volume('System', 'S:\\', 1), volume('Windows', 'W:\\', 3)],
    windows: volume('Windows', 'W:\\', 3),
  };

  it('finds the disk by its table, and the letters Windows has given', async () => {
    const machine = await windowsMachine({
      answers: {
        control: (device, ...asked) =>
          device === '\\\\.\\C:' ? { data: numberOf(7, 1, 3) } : fakeWin32(machine.windows).control(device, ...asked),
      },
    });
    const { platform, drive, windows } = machine;
    const disk = join(drive('C'), '../PhysicalDrive1');
    windows.disks[disk] = { layout: { style: 'gpt', identity: identity.toUpperCase(), partitions: [] } };
    expect(await platform.recoverTarget(target)).toEqual({
      ...target,
      device: disk,
      volumes: [volume('System', '', 1), volume('Windows', 'C:\\', 3)],
      windows: volume('Windows', 'C:\\', 3),
    });
  });

  it('reads the table itself where Windows does not say', async () => {
    const { platform, drive } = await windowsMachine();
    const disk = join(drive('C'), '../PhysicalDrive2');
    const sector = Buffer.alloc(512);
    sector.writeUInt32LE(0xabcd0123, 440);
    sector.writeUInt16LE(0xaa55, 510);
    await writeFile(disk, sector);
    const style = 'mbr';
    expect(await platform.recoverTarget({ ...target, style, identity: 'ABCD0123' })).toMatchObject({ device: disk });
    await expect(platform.recoverTarget({ ...target, style, identity: 'abcd0124' })).rejects.toMatchObject({
      code: 'VOLUME_NOT_FOUND',
    });
  });

  it('says that it is gone', async () => {
    const { platform } = await windowsMachine();
    await expect(platform.recoverTarget(target)).rejects.toMatchObject({ code: 'VOLUME_NOT_FOUND' });
  });
});
