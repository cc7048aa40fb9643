import { mkdir, readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareWindowsRuntime } from '../../builder/boot/winpe/windows-runtime.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { exec } from '../../runtime/host/exec.ts';
import { packCode } from '../../runtime/native/msi-codes.ts';
import { addSetupComplete } from '../../runtime/platform/setup-complete.ts';
import { volumeFiles } from '../../runtime/platform/volume-files.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';
import { openWine, type Wine } from '../helpers/wine.ts';
import { installStubs, linkOrCopy, type Stubs } from '../helpers/wine-stubs.ts';

const PROGRAM = fileURLToPath(new URL('programs/installed.ts', import.meta.url));
const ENVIRONMENT = { env: { MEDIASMITH_SYSTEM_ROOT: 'X:\\Windows', STAND_IN: 'Größe', STAND_IN_FIRMWARE: 'uefi' } };
const REG = 'C:\\windows\\system32\\reg.exe';
const KEY = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Stand-in';
const ID = '3b241101-e2bb-4255-8caf-4136c566a962';
const MODIFIED = new Date('2024-03-07T12:00:00Z');
const SESSIONS = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager';

let wine: Wine;
let windows: string;
let medium: string;
let stubs: Stubs;

beforeAll(async () => {
  wine = await openWine();
  windows = await wine.drive('X');
  medium = await wine.drive('D');
  const options = { cacheFolder: cacheFolder(), architecture: 'x64', exec, emit: () => undefined } as const;
  const { executable } = await prepareWindowsRuntime({ ...options, runtimeEntry: PROGRAM });
  await linkOrCopy(executable, join(medium, 'mediasmith.exe'));
  await writeFiles(medium, {
    'mediasmith/manifest.json': `{"id": "${ID}"}`,
    'sources/boot.wim': 'image',
    'boot/boot.sdi': 'sdi',
    // Wine has the label of a drive that is a folder in this file, and reads it once.
    '.windows-label': 'Größe 1\n',
  });
  await writeFiles(windows, { 'file.txt': 'text' });
  await mkdir(join(windows, 'a folder'));
  for (const name of ['file.txt', 'a folder']) await utimes(join(windows, name), MODIFIED, MODIFIED);
  stubs = await installStubs(join(windows, 'Windows/System32'), [
    'schtasks',
    'bcdedit',
    'shutdown',
    'icacls',
    'mountvol',
  ]);
});
afterAll(() => wine?.[Symbol.asyncDispose]());

async function ask(...argv: string[]): Promise<unknown> {
  return askBy('D:\\mediasmith.exe', ...argv);
}

async function askBy(program: string, ...argv: string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await wine.run([program, ...argv], ENVIRONMENT);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return JSON.parse(stdout);
}

async function addValue(name: string, type: string, data: string, key = KEY): Promise<void> {
  const { exitCode } = await wine.run([REG, 'add', key, '/v', name, '/t', type, '/d', data, '/f']);
  expect(exitCode).toBe(0);
}

describe('facts', () => {
  it('of files and folders', async () => {
    expect(await ask('file', 'X:\\FILE.txt')).toEqual({ modified: MODIFIED.toISOString() });
    expect(await ask('folder', 'X:\\a folder\\')).toEqual({ modified: MODIFIED.toISOString() });
    expect(await ask('file', 'D:\\mediasmith.exe')).toMatchObject({
      version: expect.stringMatching(/^\d+(\.\d+){3}$/),
    });
    expect(await ask('file', 'C:\\windows\\system32\\kernel32.dll')).toMatchObject({
      version: expect.stringMatching(/^\d+(\.\d+){3}$/),
    });
    for (const path of ['X:\\a folder', 'X:\\none\\x', 'Q:\\none', 'X:\\a*b'])
      expect(await ask('file', path)).toBeNull();
    for (const path of ['X:\\file.txt', 'X:\\none', 'Q:\\']) expect(await ask('folder', path)).toBeNull();
  });

  it('of the registry, by its types', async () => {
    await addValue('text', 'REG_SZ', 'Größe 日本');
    await addValue('expanded', 'REG_EXPAND_SZ', '%windir%\\x');
    await addValue('list', 'REG_MULTI_SZ', 'a\\0b');
    await addValue('number', 'REG_DWORD', '4294967295');
    await addValue('bytes', 'REG_BINARY', '0102ff');
    await addValue('long', 'REG_SZ', 'x'.repeat(6000));
    expect(await ask('value', KEY, 'text')).toEqual({ type: 'REG_SZ', data: 'Größe 日本' });
    expect(await ask('value', KEY, 'expanded')).toEqual({ type: 'REG_EXPAND_SZ', data: '%windir%\\x' });
    expect(await ask('value', KEY, 'list')).toEqual({ type: 'REG_MULTI_SZ', data: ['a', 'b'] });
    expect(await ask('value', KEY, 'number')).toEqual({ type: 'REG_DWORD', data: '4294967295n' });
    expect(await ask('value', KEY, 'bytes')).toMatchObject({ type: 'REG_BINARY', data: { data: [1, 2, 255] } });
    expect(await ask('value', KEY, 'long')).toEqual({ type: 'REG_SZ', data: 'x'.repeat(6000) });
    expect(await ask('value', KEY, 'none')).toBeNull();
    expect(await ask('value', `${KEY}\\none`, 'none')).toBeNull();
    expect([await ask('key', KEY), await ask('key', `${KEY}\\none`)]).toEqual([true, false]);
  });

  it('of installed software', async () => {
    const product = '{AC76BA86-7AD7-1033-7B44-AC0F074E4100}';
    const upgrade = '{A6EADE66-0000-0000-484E-7E8A45000000}';
    const installer = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Installer';
    const properties = `${installer}\\UserData\\S-1-5-18\\Products\\${packCode(product)}\\InstallProperties`;
    expect(await ask('software')).toEqual([]);
    await addValue('DisplayName', 'REG_SZ', 'Stand-in Reader', properties);
    await addValue('DisplayVersion', 'REG_SZ', '15.7', properties);
    await addValue(packCode(product), 'REG_SZ', '', `${installer}\\UpgradeCodes\\${packCode(upgrade)}`);
    expect(await ask('software')).toEqual([
      { productCode: product, upgradeCode: upgrade, name: 'Stand-in Reader', version: '15.7' },
    ]);
  });

  it('of the environment', async () => {
    expect(await ask('environment', 'stand_in')).toBe('Größe');
    expect(await ask('environment', 'NONE')).toBeNull();
  });
});

it('takes the inventory of a Windows that runs', async () => {
  const machine = await ask('inventory');
  expect(machine).toMatchObject({
    operatingSystem: {
      caption: expect.stringMatching(/^Microsoft Windows \d+/),
      version: expect.stringMatching(/^10\.0\.\d{5}$/),
      architecture: 'x64',
      productType: 'client',
      computerName: expect.stringMatching(/./),
      windowsFolder: 'X:\\Windows',
    },
    processors: [expect.objectContaining({ name: expect.stringMatching(/./), logicalProcessors: expect.any(Number) })],
    bios: expect.objectContaining({ vendor: expect.any(String) }),
  });
  const { networkAdapters } = machine as {
    networkAdapters: { mac: string; addresses: string[]; subnetMasks: string[] }[];
  };
  for (const { mac, addresses, subnetMasks } of networkAdapters) {
    expect(mac).toMatch(/^([0-9A-F]{2}:){5}[0-9A-F]{2}$/);
    expect(subnetMasks).toHaveLength(addresses.length);
  }
});

it('finds the medium it was started from', async () => {
  expect(await ask('medium')).toEqual({ root: 'D:\\', device: 'D:', disk: expect.any(String), launchMode: 'UFD' });
});

it('reads the label of a volume, and hears why a share cannot be opened', async () => {
  expect([await ask('label', 'D'), await ask('label', 'Q')]).toEqual(['Größe 1', null]);
  const error = await ask('share', '\\\\no-such-server\\share');
  expect(error).toBeGreaterThan(0);
  // Wine has no shares at all: that the letter does not end the program is what this shows.
  expect(await ask('share', '\\\\no-such-server\\share', 'Q:')).toBe(error);
  expect(await ask('drive', 'Q:')).toBe('none');
});

it('restarts into WinPE, and its copy takes everything back', async () => {
  await stubs.forget();
  await ask('restart', 'D:\\');
  const folder = join(windows, '_SMSTaskSequence');
  expect(await readFile(join(folder, 'boot/boot.wim'), 'utf8')).toBe('image');
  expect(await readFile(join(folder, 'journal'), 'utf8')).toBe('state');
  const words = async () => (await stubs.calls()).map(({ name, argv }) => [name, ...argv.slice(0, 2)].join(' '));
  const entry = (last: number) => `{6b0f0f1e-5d6a-4c39-9d0b-2a5b1a7b8c0${last}}`;
  expect(await words()).toEqual([
    ...['/setowner', '/reset', '/inheritance:r'].map((word) => `icacls X:\\_SMSTaskSequence ${word}`),
    'schtasks /Create /TN',
    `bcdedit /delete ${entry(1)}`,
    `bcdedit /delete ${entry(2)}`,
    `bcdedit /create ${entry(2)}`,
    ...Array(2).fill(`bcdedit /set ${entry(2)}`),
    `bcdedit /create ${entry(1)}`,
    ...Array(6).fill(`bcdedit /set ${entry(1)}`),
    `bcdedit /bootsequence ${entry(1)}`,
  ]);

  await stubs.forget();
  const resumed = await askBy('X:\\_SMSTaskSequence\\bin\\mediasmith.exe', 'resume');
  expect(resumed).toEqual({ place: 'X:\\', text: 'state' });
  expect(await words()).toEqual(['schtasks /Delete /TN', `bcdedit /delete ${entry(1)}`, `bcdedit /delete ${entry(2)}`]);
  // A program cannot be removed while it runs: it goes when Windows starts next.
  expect((await readdir(folder, { recursive: true })).sort()).toEqual(['bin', 'bin/mediasmith.exe']);
  expect(await ask('value', SESSIONS, 'PendingFileRenameOperations')).toMatchObject({ type: 'REG_MULTI_SZ' });
});

it('restarts into Linux, and its copy takes everything back', async () => {
  const entry = '{0f9a5c1e-1111-2222-3333-444455556666}';
  const [medium, system] = [await wine.drive('E'), await wine.promiseDrive('S')];
  const boot = [
    'EFI/BOOT/BOOTX64.EFI',
    'EFI/BOOT/grubx64.efi',
    'EFI/BOOT/mmx64.efi',
    'boot/vmlinuz',
    'boot/initrd.img',
  ];
  await writeFiles(medium, Object.fromEntries(boot.map((path) => [path, path])));
  await stubs.forget();
  await stubs.plan({
    mountvol: [{ drives: ['S'] }, { gone: ['S'] }],
    bcdedit: { stdout: `The entry was successfully copied to ${entry}.\r\n` },
  });
  await ask('restart-linux', 'E:\\');
  const calls = async () => (await stubs.calls()).map(({ name, argv }) => [name, ...argv].join(' ')).slice(4);
  expect(await calls()).toEqual([
    'mountvol S: /S',
    'mountvol S: /D',
    'bcdedit /copy {bootmgr} /d Mediasmith',
    `bcdedit /set ${entry} path \\EFI\\Mediasmith\\shimx64.efi`,
    `bcdedit /set {fwbootmgr} bootsequence ${entry}`,
  ]);
  const parts = `${system}-without-letter`;
  expect((await readdir(parts, { recursive: true })).sort()).toEqual([
    ...['EFI', 'EFI/Mediasmith', 'EFI/Mediasmith/an-id', 'EFI/Mediasmith/grubx64.efi', 'EFI/Mediasmith/initrd.img'],
    ...['EFI/Mediasmith/mmx64.efi', 'EFI/Mediasmith/shimx64.efi', 'EFI/Mediasmith/vmlinuz'],
    ...['boot', 'boot/grub', 'boot/grub/grub.cfg'],
  ]);
  expect(await readFile(join(parts, 'EFI/Mediasmith/vmlinuz'), 'utf8')).toBe('boot/vmlinuz');

  await stubs.forget();
  await askBy('X:\\_SMSTaskSequence\\bin\\mediasmith.exe', 'resume');
  expect((await stubs.calls()).map(({ name, argv }) => [name, ...argv].join(' '))).toEqual([
    `bcdedit /delete ${entry} /cleanup`,
    'mountvol S: /S',
    'mountvol S: /D',
    'schtasks /Delete /TN Mediasmith resume /F',
  ]);
  expect(await readdir(parts)).toEqual(['EFI']);
});

it('leaves by shutdown.exe', async () => {
  await stubs.forget();
  expect(await ask('leave')).toBe(0);
  expect(await stubs.calls()).toMatchObject([{ name: 'shutdown', argv: ['/r', '/f', '/t', '0'] }]);
});

it('goes on when the setup of Windows is done, after the script that was there, whatever that ends with', async () => {
  const drive = await wine.drive('C');
  const resume = await installStubs(join(drive, '_SMSTaskSequence/bin'), ['mediasmith']);
  const theirs = 'echo theirs>>C:\\order.txt\r\nexit 5\r\n';
  await writeFiles(drive, { 'windows/Setup/Scripts/SetupComplete.cmd': theirs });
  await addSetupComplete(volumeFiles(drive));
  const cmd = 'C:\\windows\\system32\\cmd.exe';
  const { exitCode } = await wine.run([cmd, '/c', 'C:\\Windows\\Setup\\Scripts\\SetupComplete.cmd']);
  expect(exitCode).toBe(0);
  expect(await readFile(join(drive, 'order.txt'), 'utf8')).toBe('theirs\r\n');
  expect(await resume.calls()).toMatchObject([{ name: 'mediasmith', argv: ['resume', '--from-setup'] }]);
});
