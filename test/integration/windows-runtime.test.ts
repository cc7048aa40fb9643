import { mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareWindowsRuntime, type WindowsRuntime } from '../../builder/boot/winpe/windows-runtime.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { hashFile } from '../../builder/hash.ts';
import { planRuntimeFile } from '../../builder/plan/plan-windows-runtimes.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { VERSION } from '../../runtime/contract/version.ts';
import { type Exec, exec } from '../../runtime/host/exec.ts';
import { peFacts } from '../helpers/pe-facts.ts';

const PROGRAM_TEXT = 'the program of a test';
const MACHINES = { x64: 0x8664, arm64: 0xaa64 };

/** Whoever needs a program here would need it without a network too. */
const nothingRuns: Exec = (argv) => Promise.reject(new Error(`${argv.join(' ')} was run`));

let folder: string;
let runtimeEntry: string;
const events: RunEvent[] = [];
const emit = (event: RunEvent): void => void events.push(event);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-windows-runtime-'));
  runtimeEntry = join(folder, 'entry.ts');
  await writeFile(runtimeEntry, `console.log('${PROGRAM_TEXT}');\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A new cache that has the npm packages already: in the shared one ours would push out a runtime that others use. */
async function newCache(name: string): Promise<string> {
  await prepareWindowsRuntime({ cacheFolder: cacheFolder(), architecture: 'x64', exec, emit });
  const cache = await mkdtemp(join(folder, `${name}-`));
  await symlink(join(cacheFolder(), 'npm'), join(cache, 'npm'));
  return cache;
}

describe.each(['x64', 'arm64'] as const)('the runtime for Windows %s', (architecture) => {
  let cache: string;
  let runtime: WindowsRuntime;
  let image: Buffer;
  beforeAll(async () => {
    cache = await newCache('first');
    runtime = await prepareWindowsRuntime({ cacheFolder: cache, architecture, runtimeEntry, exec, emit });
    image = await readFile(runtime.executable);
  });

  it('is an executable for that processor with our program in it', () => {
    const { machine, resources } = peFacts(image);
    expect(machine).toBe(MACHINES[architecture]);
    expect(resources).toContain('10/NODE_SEA_BLOB');
    expect(resources.filter((name) => name.startsWith('3/')).length).toBeGreaterThan(2);
    // What makes Node look for the program (single executable applications, Node's documentation).
    expect(image.includes('NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:1')).toBe(true);
    for (const text of [PROGRAM_TEXT, 'run.cjs', 'koffi.node']) expect(image.includes(text), text).toBe(true);
  });

  it('is about as large as a plan says', () => {
    const { bytes } = planRuntimeFile({ architecture, path: 'mediasmith.exe' });
    expect(image.length).toBeLessThan(bytes);
    expect(bytes).toBeLessThan(1.25 * image.length);
  });

  it('is signed by nobody, and names us as what it is', () => {
    const { certificateBytes, version } = peFacts(image);
    expect(certificateBytes).toBe(0);
    expect(version).toEqual({
      FileDescription: 'Mediasmith',
      FileVersion: VERSION,
      OriginalFilename: 'mediasmith.exe',
      ProductName: 'Mediasmith',
      ProductVersion: VERSION,
    });
  });

  it('says what else is in it', () => {
    const suffix = architecture === 'x64' ? 'x64' : 'arm64';
    expect(runtime.notices).toEqual([
      expect.objectContaining({ name: `node-win-${suffix}`, version: expect.stringMatching(/^26\./), licence: 'MIT' }),
      expect.objectContaining({ name: `@koromix/koffi-win32-${suffix}`, licence: 'MIT' }),
    ]);
  });

  it('is prepared once: the second time no program runs and nothing is said', async () => {
    events.length = 0;
    const options = { cacheFolder: cache, architecture, runtimeEntry, emit };
    expect(await prepareWindowsRuntime({ ...options, exec: nothingRuns })).toEqual(runtime);
    expect(events).toEqual([]);
  });

  it('is the same to the byte when it is made again elsewhere', async () => {
    const other = await newCache('again');
    const again = await prepareWindowsRuntime({ cacheFolder: other, architecture, runtimeEntry, exec, emit });
    expect(again.executable).not.toBe(runtime.executable);
    expect(again.key).toBe(runtime.key);
    expect(await hashFile(again.executable)).toBe(await hashFile(runtime.executable));
  });
});

it('refuses an executable in the cache that is not what was made', async () => {
  const options = { cacheFolder: await newCache('damaged'), architecture: 'x64', runtimeEntry, exec, emit } as const;
  const { executable } = await prepareWindowsRuntime(options);
  await truncate(executable, 1_000_000);
  await expect(prepareWindowsRuntime(options)).rejects.toMatchObject({ code: 'SOURCE_INVALID' });
});

it('leaves nothing half made when it is interrupted', async () => {
  const cache = await newCache('interrupted');
  const signal = AbortSignal.abort();
  const options = { cacheFolder: cache, architecture: 'x64', runtimeEntry, exec, emit, signal } as const;
  await expect(prepareWindowsRuntime(options)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(await readdir(join(cache, 'windows-runtime/x64'))).toEqual([]);
});
