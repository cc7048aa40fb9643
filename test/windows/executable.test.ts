import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareWindowsRuntime } from '../../builder/boot/winpe/windows-runtime.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { VERSION } from '../../runtime/contract/version.ts';
import { exec } from '../../runtime/host/exec.ts';
import { openWine, type Wine, type WineOptions } from '../helpers/wine.ts';
import { linkOrCopy } from '../helpers/wine-stubs.ts';

const PROBE = fileURLToPath(new URL('programs/probe.ts', import.meta.url));
const FIXED_DRIVE = 3;
const NO_SUCH_DRIVE = 1;

let wine: Wine;
let drive: string;

beforeAll(async () => {
  wine = await openWine();
  drive = await wine.drive('X');
  await mkdir(join(drive, 'mediasmith'));
  const options = { cacheFolder: cacheFolder(), architecture: 'x64', exec, emit: () => undefined } as const;
  const product = await prepareWindowsRuntime(options);
  const probe = await prepareWindowsRuntime({ ...options, runtimeEntry: PROBE });
  await linkOrCopy(product.executable, join(drive, 'mediasmith/mediasmith.exe'));
  await linkOrCopy(probe.executable, join(drive, 'mediasmith/probe.exe'));
});
afterAll(() => wine?.[Symbol.asyncDispose]());

async function probe(argv: readonly string[], options?: WineOptions): Promise<unknown> {
  const { exitCode, stdout, stderr } = await wine.run(['X:\\mediasmith\\probe.exe', ...argv], options);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  return JSON.parse(stdout);
}

describe('mediasmith.exe', () => {
  it('says its version', async () => {
    const said = await wine.run(['X:\\mediasmith\\mediasmith.exe', '--version']);
    expect(said).toEqual({ exitCode: 0, stdout: `${VERSION}\n`, stderr: '' });
  });

  it('refuses what it does not know', async () => {
    const said = await wine.run(['X:\\mediasmith\\mediasmith.exe', 'dance']);
    expect(said).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('usage: mediasmith') });
  });
});

describe('an executable built the same way', () => {
  it('gets its arguments as they were given', async () => {
    const given = ['a b', 'äöü 日本', 'q"uo\\te', 'C:\\Program Files\\', '', '%PATH%'];
    expect(await probe(['argv', ...given])).toEqual(given);
  });

  it('has its assets', async () => {
    expect(await probe(['asset', 'run.cjs'])).toBeGreaterThan(10_000);
  });

  it('calls Windows through koffi', async () => {
    await wine.promiseDrive('W');
    expect(await probe(['native'])).toEqual({
      koffi: expect.stringMatching(/^3\./),
      ticks: expect.any(Number),
      drives: expect.arrayContaining(['C', 'X']),
      kinds: { C: FIXED_DRIVE, X: FIXED_DRIVE, W: NO_SUCH_DRIVE },
    });
  });

  it.each([0, 1, 42, 255])('ends with exit code %i', async (code) => {
    expect((await wine.run(['X:\\mediasmith\\probe.exe', 'exit', String(code)])).exitCode).toBe(code);
  });

  it('sees the variables it is given, and Windows', async () => {
    const seen = await probe(['environment'], {
      env: { MEDIASMITH_SYSTEM_ROOT: 'X:\\Wíndows', NODE_OPTIONS: '--nonsense' },
    });
    expect(seen).toMatchObject({
      cwd: 'C:\\',
      platform: 'win32',
      env: { MEDIASMITH_SYSTEM_ROOT: 'X:\\Wíndows', TEMP: expect.stringMatching(/^C:\\/) },
    });
  });

  it('writes to its drives', async () => {
    await probe(['write', 'x:\\MEDIASMITH\\Größe.txt', 'ü']);
    expect(await readFile(join(drive, 'mediasmith/Größe.txt'), 'utf8')).toBe('ü');
  });
});

describe('a terminal', () => {
  it('has a size and gives each key', async () => {
    const terminal = wine.terminal(['X:\\mediasmith\\probe.exe', 'terminal'], { columns: 100, rows: 30 });
    await terminal.sees(/"isTTY":true,"columns":100,"rows":30/);
    for (const [keys, hex] of [
      ['a', '61'],
      ['\x1b[A', '1b5b41'],
      ['\r', '0d'],
      ['q', '71'],
    ] as const) {
      terminal.type(keys);
      await terminal.sees(new RegExp(`keys ${hex}`));
    }
    expect(await terminal.end).toBe(7);
    await expect(terminal.sees(/more/)).rejects.toThrow('/more/ was not seen (it has ended)');
  });

  it('shows two things that come at once, one after the other', async () => {
    const terminal = wine.terminal(['X:\\mediasmith\\probe.exe', 'argv', 'one', 'two']);
    await terminal.sees(/one/);
    await terminal.sees(/two/);
    expect(await terminal.end).toBe(0);
  });
});

describe('Wine', () => {
  it('shows no disk of this machine', async () => {
    expect(await probe(['disks'])).toEqual([]);
  });

  it('ends a program that takes too long, and goes on', async () => {
    const late = wine.run(['X:\\mediasmith\\probe.exe', 'sleep'], { timeoutSeconds: 3 });
    await expect(late).rejects.toThrow('no end after 3 s: X:\\mediasmith\\probe.exe sleep');
    expect(await probe(['argv', 'again'])).toEqual(['again']);
  });
});
