import { chmod, link, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareWindowsRuntime } from '../../builder/boot/winpe/windows-runtime.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { exec } from '../../runtime/host/exec.ts';
import { writeAt } from '../../runtime/platform/raw-disk.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';
import { openWine, type Wine } from '../helpers/wine.ts';
import { installStubs, linkOrCopy } from '../helpers/wine-stubs.ts';

const PROGRAM = fileURLToPath(new URL('programs/replace-volume.ts', import.meta.url));
const MIB = 1024 ** 2;
/** Longer than Windows' old limit of 260 characters. */
const DEEP = Array.from({ length: 12 }, (_, depth) => `a folder that is named at length ${depth}`).join('/');

let wine: Wine;
beforeAll(async () => {
  wine = await openWine();
});
afterAll(() => wine?.[Symbol.asyncDispose]());

it('the executable clears a volume of Windows, but for what is kept, and takes its loaders away', async () => {
  const [boot, windows, system] = [await wine.drive('X'), await wine.drive('W'), await wine.drive('S')];
  await installStubs(join(boot, 'Windows/System32'), ['diskpart', 'wpeutil']);
  const disk = await wine.disk(1, 64 * MIB);
  await writeAt(disk, Buffer.from('FAT32   '), MIB + 82);
  await writeAt(disk, Buffer.from('NTFS    '), 2 * MIB + 3);
  await writeFiles(system, {
    'EFI/Microsoft/Boot/bootmgfw.efi': 'windows',
    'EFI/Microsoft/Boot/BCD': 'store',
    'EFI/Boot/bootx64.efi': 'windows',
  });
  await writeFiles(windows, {
    'Windows/System32/config/SYSTEM': 'x',
    'Windows/System32/read-only.dll': 'x',
    [`Users/bob/${DEEP}/file.txt`]: 'x',
    'Users/bob/plan.txt': 'plan',
    'Users/bob/größe 日本.txt': 'x',
    'UserState/USMT/here': '',
    '_SMSTaskSequence/journal': 'state',
    'pagefile.sys': 'x',
  });
  await link(join(windows, 'Users/bob/plan.txt'), join(windows, 'UserState/USMT/plan.txt'));
  await chmod(join(windows, 'Windows/System32/read-only.dll'), 0o444);
  const options = { cacheFolder: cacheFolder(), architecture: 'x64', exec, emit: () => undefined } as const;
  const { executable } = await prepareWindowsRuntime({ ...options, runtimeEntry: PROGRAM });
  await mkdir(join(boot, 'mediasmith'));
  await linkOrCopy(executable, join(boot, 'mediasmith/mediasmith.exe'));
  const ran = await wine.run(['X:\\mediasmith\\mediasmith.exe'], { env: { MEDIASMITH_SYSTEM_ROOT: 'X:\\Windows' } });
  expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(ran.stdout)).toMatchObject({
    volumes: [
      { number: 1, role: 'system', device: 'S:\\', fileSystem: 'fat32' },
      { number: 2, role: 'primary', device: 'W:\\', fileSystem: 'ntfs' },
    ],
    content: { others: expect.arrayContaining(['Users', 'Windows', 'pagefile.sys']), keptBytes: 9 },
    privileges: [true, false],
    noReparsePoint: false,
  });
  expect((await readdir(windows)).sort()).toEqual(['UserState', '_SMSTaskSequence']);
  expect(await readFile(join(windows, 'UserState/USMT/plan.txt'), 'utf8')).toBe('plan');
  expect((await stat(join(windows, 'UserState/USMT/plan.txt'))).nlink).toBe(1);
  expect((await readdir(system, { recursive: true })).filter((path) => path.endsWith('.efi'))).toEqual([]);
});
