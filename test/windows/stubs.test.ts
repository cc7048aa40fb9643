import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { prepareWindowsRuntime } from '../../builder/boot/winpe/windows-runtime.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { exec } from '../../runtime/host/exec.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';
import { openWine, type Wine } from '../helpers/wine.ts';
import { installStubs, linkOrCopy, type Stubs } from '../helpers/wine-stubs.ts';

const PROBE = fileURLToPath(new URL('programs/probe.ts', import.meta.url));
const SYSTEM = 'X:\\Windows\\System32';
/** DISM's own: an update needs the image to be serviceable. More than a Unix exit code can hold. */
const DISM_FAILURE = 0xc1420127;

let wine: Wine;
let stubs: Stubs;

beforeAll(async () => {
  wine = await openWine();
  const drive = await wine.drive('X');
  await wine.promiseDrive('W');
  const options = { cacheFolder: cacheFolder(), architecture: 'x64', exec, emit: () => undefined } as const;
  const { executable } = await prepareWindowsRuntime({ ...options, runtimeEntry: PROBE });
  await linkOrCopy(executable, join(drive, 'probe.exe'));
  await writeFiles(drive, { 'script.txt': 'select disk 0\r\nclean\r\n' });
  stubs = await installStubs(join(drive, 'Windows/System32'), ['diskpart', 'dism', 'bcdboot']);
});
afterAll(() => wine?.[Symbol.asyncDispose]());

/** Calls a tool from a Windows program, as the runtime does. */
async function call(program: string, ...argv: string[]): Promise<unknown> {
  const { stdout } = await wine.run(['X:\\probe.exe', 'spawn', program, ...argv]);
  return JSON.parse(stdout);
}

it('note each call and do what is planned for it', async () => {
  await stubs.plan({
    diskpart: [
      { stdout: 'DiskPart succeeded.\r\n', drives: ['W'] },
      { stdout: 'Virtual Disk Service error\r\n', exitCode: 1 },
    ],
    dism: { stderr: 'Größe\r\n', exitCode: DISM_FAILURE, files: { 'W:\\Windows\\System32\\config\\SYSTEM': 'hive' } },
  });
  expect(await call(`${SYSTEM}\\diskpart.exe`, '/s', 'X:\\script.txt')).toEqual({
    status: 0,
    stdout: 'DiskPart succeeded.\r\n',
    stderr: '',
  });
  expect(await call(`${SYSTEM}\\Dism.exe`, '/Apply-Image', '/ImageFile:X:\\a b.wim')).toEqual({
    status: DISM_FAILURE,
    stdout: '',
    stderr: 'Größe\r\n',
  });
  expect(await call(`${SYSTEM}\\diskpart.exe`)).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('Virtual Disk'),
  });
  expect(await call(`${SYSTEM}\\diskpart.exe`)).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(await call(`${SYSTEM}\\bcdboot.exe`, 'W:\\Windows', '/s', 'S:')).toMatchObject({ status: 0 });

  const written = join(await wine.drive('W'), 'Windows/System32/config/SYSTEM');
  expect(await readFile(written, 'utf8')).toBe('hive');
  const cwd = 'C:\\';
  expect(await stubs.calls()).toEqual([
    { name: 'diskpart', argv: ['/s', 'X:\\script.txt'], cwd, script: 'select disk 0\r\nclean\r\n' },
    { name: 'dism', argv: ['/Apply-Image', '/ImageFile:X:\\a b.wim'], cwd },
    { name: 'diskpart', argv: [], cwd },
    { name: 'diskpart', argv: [], cwd },
    { name: 'bcdboot', argv: ['W:\\Windows', '/s', 'S:'], cwd },
  ]);
});
