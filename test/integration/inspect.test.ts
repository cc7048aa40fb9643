import { cp, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashBytes } from '../../builder/hash.ts';
import { verifyMedium } from '../../builder/inspect/verify-medium.ts';
import { extractFromArchive } from '../../builder/tools/seven-zip.ts';
import { locateInIso } from '../../builder/tools/xorriso.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { exec } from '../../runtime/host/exec.ts';
import { cli } from '../helpers/cli.ts';
import { buildTestMedium } from '../helpers/medium.ts';
import { type MicrosoftMedia, makeMicrosoftMedia } from '../helpers/microsoft-media.ts';
import { makeSigner } from '../helpers/microsoft-signing.ts';
import { writeTestPxeTree } from '../helpers/pxe-medium.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { buildProject, winpeProject } from '../helpers/winpe-project.ts';

const ROOT_2010 = 'Microsoft Root Certificate Authority 2010';
const SET_2023 = ['Microsoft Windows', 'Windows UEFI CA 2023', ROOT_2010];
const SET_2011 = ['Microsoft Windows', 'Microsoft Windows Production PCA 2011', ROOT_2010];
const HIDDEN = '[El Torito UEFI image]';
const BOOT_PROGRAM = 'EFI/BOOT/BOOTX64.EFI';
const EFISYS = 'efi/microsoft/boot/efisys_noprompt.bin';

let place: string;
let linux: string;
let windows: MicrosoftMedia;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'mediasmith-inspect-'));
  linux = (await buildTestMedium(join(place, 'linux'))).iso;
  windows = makeMicrosoftMedia(await mkdtemp(join(place, 'windows-')));
});
afterAll(() => rm(place, { recursive: true, force: true }));

async function json(command: 'inspect' | 'verify', medium: string) {
  const { exitCode, stdout } = await cli([command, medium, '--json']);
  return { exitCode, document: JSON.parse(stdout) };
}

/** A copy of an ISO with one byte changed, in the middle of a file unless a place is given. */
async function flipped(iso: string, path: string, at?: number): Promise<string> {
  const copy = join(await temporaryFolder(), 'flipped.iso');
  await cp(iso, copy);
  const where = at ?? (await middleOf(iso, path));
  await using file = await open(copy, 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, where);
  await file.write(Buffer.of((buffer[0] ?? 0) ^ 1), 0, 1, where);
  return copy;
}

async function middleOf(iso: string, path: string): Promise<number> {
  const extent = (await locateInIso(iso, [path], exec)).get(path);
  if (extent === undefined) throw new Error(`${path} is not in ${iso}`);
  return extent.offset + Math.floor(extent.bytes / 2);
}

async function unpack(iso: string): Promise<string> {
  const folder = await temporaryFolder();
  await extractFromArchive({ archive: iso, folder }, exec);
  return folder;
}

/** Puts a file as it is now into the manifest of a folder. */
async function vouchFor(folder: string, path: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(folder, MEDIUM_PATHS.manifest), 'utf8'));
  const content = await readFile(join(folder, path));
  const entry = manifest.files.find((file: { path: string }) => file.path === path);
  Object.assign(entry, { bytes: content.length, sha256: hashBytes(content) });
  const text = JSON.stringify(manifest);
  await writeFiles(folder, {
    [MEDIUM_PATHS.manifest]: text,
    [MEDIUM_PATHS.manifestDigest]: `${hashBytes(Buffer.from(text))}  manifest.json\n`,
  });
}

describe('a medium of our own environment', () => {
  it('as an ISO: every program and its chains, those in the EFI system partition too', async () => {
    const { exitCode, document } = await json('inspect', linux);
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({
      label: 'MEDIASMITH_TEST',
      type: 'iso',
      firmware: ['BIOS', 'UEFI'],
      stick: null,
      bootEnvironments: [{ kind: 'linux', architecture: 'x64' }],
      operatingSystems: [{ name: 'windows', architecture: 'x64', language: 'en-US' }],
      sequences: [{ id: 'deploy', name: 'Deploy the small image', steps: expect.any(Number) }],
      content: [
        { id: 'windows', kind: 'image' },
        { id: 'stand-in-driver', kind: 'package' },
      ],
      drivers: [{ name: 'stand-in-driver', in: 'content', infs: 1, classes: ['System'], architectures: ['amd64'] }],
    });
    const [{ signing, files }] = document.bootEnvironments;
    expect(signing).toContain('Microsoft Corporation UEFI CA 2011');
    const programs = ['BOOTX64.EFI', 'grubx64.efi', 'mmx64.efi'].map((name) => `EFI/BOOT/${name}`);
    expect(files.map(({ path }: { path: string }) => path)).toEqual([
      ...[...programs, ...programs.map((path) => `${HIDDEN}/${path}`), 'boot/vmlinuz'],
    ]);
    expect(files[0].chain[1]).toBe('Microsoft Corporation UEFI CA 2011');
    expect(files[1].chain.at(-1)).toBe('Debian Secure Boot CA');
    expect({ ...files[3], path: BOOT_PROGRAM }).toEqual(files[0]);
    for (const file of files) expect(file).toMatchObject({ machine: 'x64', digestMatches: true });
  });

  it('is whole, as an ISO and unpacked; the tree is at most 80 columns wide', async () => {
    const { exitCode, document } = await json('verify', linux);
    expect([exitCode, document.passed, document.bad, document.extra]).toEqual([0, true, [], []]);
    expect(document.files).toBeGreaterThan(10);
    const folder = await unpack(linux);
    const unpacked = await json('verify', folder);
    expect(unpacked.document).toMatchObject({ passed: true, files: document.files, bytes: document.bytes });
    expect((await json('inspect', folder)).document.type).toBe('folder');
    const { stdout } = await cli(['inspect', linux]);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toContain('├─ boot environment: Linux, x64, starts under BIOS and UEFI\n');
  });

  it('with one byte changed in an image, in a program, in the manifest: each is named', async () => {
    const image = await json('verify', await flipped(linux, 'mediasmith/images/small.wim'));
    expect(image).toMatchObject({
      exitCode: 4,
      document: {
        passed: false,
        bad: [{ path: 'mediasmith/images/small.wim', reason: 'its content has changed' }],
        error: { code: 'MEDIUM_CORRUPT', lines: ['mediasmith/images/small.wim: its content has changed'] },
      },
    });
    const program = await json('verify', await flipped(linux, BOOT_PROGRAM));
    expect(program.document.bad).toEqual([{ path: BOOT_PROGRAM, reason: 'its content has changed' }]);
    expect(program.document.efi[0]).toMatchObject({ path: BOOT_PROGRAM, digestMatches: false });
    const manifest = await json('verify', await flipped(linux, MEDIUM_PATHS.manifest));
    expect(manifest.exitCode).toBe(4);
    expect(manifest.document.bad).toContainEqual({
      path: MEDIUM_PATHS.manifest,
      reason: expect.stringContaining('does not match its digest'),
    });
  });

  it('with one byte changed in a program of the EFI system partition, which the manifest does not know', async () => {
    const content = await readFile(linux);
    const folder = await unpack(linux);
    const part = (await readFile(join(folder, BOOT_PROGRAM))).subarray(0, 4096);
    const second = content.indexOf(part, (await middleOf(linux, BOOT_PROGRAM)) + 1);
    expect(second).toBeGreaterThan(0);
    const { exitCode, document } = await json('verify', await flipped(linux, '', second + 2048));
    const bad = {
      path: `${HIDDEN}/${BOOT_PROGRAM}`,
      reason: expect.stringContaining('is not the file that was signed'),
    };
    expect([exitCode, document.bad]).toEqual([4, [bad]]);
  });

  it('cut short anywhere is no medium to inspect', async () => {
    const { size } = await stat(linux);
    const cut = join(await temporaryFolder(), 'cut.iso');
    await cp(linux, cut);
    for (const bytes of [size - 512, Math.floor(size / 2), 20_000]) {
      await truncate(cut, bytes);
      expect(await json('inspect', cut)).toMatchObject({
        exitCode: 4,
        document: { error: { code: 'MEDIUM_CORRUPT' } },
      });
      const bad = [{ path: 'cut.iso', reason: expect.stringContaining('is cut short') }];
      expect(await json('verify', cut)).toMatchObject({ exitCode: 4, document: { passed: false, bad } });
    }
  });

  it('can be interrupted in the middle of a file', async () => {
    const abort = new AbortController();
    let done = 0;
    const emit = (event: RunEvent): void => {
      if (event.event !== 'progress') return;
      done = event.done;
      abort.abort();
    };
    const context = { cacheFolder: join(place, 'cache'), exec, emit, signal: abort.signal };
    await expect(verifyMedium(linux, context)).rejects.toThrow('aborted');
    expect(done).toBeLessThanOrEqual(4 * 1024 ** 2);
  });

  it('as a PXE tree: its texts may be edited, its programs are named', async () => {
    const wish = { id: '11111111-2222-4333-8444-555555555555', url: 'http://server/', size: { files: 50, bytes: 1e6 } };
    const tree = await writeTestPxeTree(join(place, 'pxe'), wish);
    await writeFiles(tree, { 'dnsmasq.conf': 'edited', 'more.txt': 'mine' });
    const inspected = await json('inspect', tree);
    expect(inspected.document).toMatchObject({
      type: 'pxe',
      bootEnvironments: [{ kind: 'linux', architecture: 'x64' }],
    });
    const [{ signing, files }] = inspected.document.bootEnvironments;
    expect(signing).toContain('Microsoft');
    expect(files.map(({ path }: { path: string }) => path)).toEqual(
      expect.arrayContaining(['shimx64.efi', 'grubx64.efi', 'mmx64.efi']),
    );
    expect(await json('verify', tree)).toMatchObject({ exitCode: 0, document: { passed: true, extra: ['more.txt'] } });
  });
});

describe('a medium that starts WinPE', () => {
  let made: Promise<string> | undefined;
  const winpe = () => {
    made ??= build();
    return made;
  };
  async function build(): Promise<string> {
    const folder = await winpeProject({ source: await windows.isoFile() });
    const { exitCode, stdout, stderr } = await buildProject(folder);
    expect(exitCode, stdout + stderr).toBe(0);
    await cp(join(folder, 'out.iso'), join(place, 'winpe.iso'));
    return join(place, 'winpe.iso');
  }

  it('is of the newer set by its certificates, and says so to a person', async () => {
    const { document } = await json('inspect', await winpe());
    expect(document).toMatchObject({
      type: 'iso',
      bootEnvironments: [
        {
          kind: 'winpe',
          architecture: 'x64',
          signing: '2023',
          files: [
            { path: 'bootmgr.efi', signing: '2011', chain: SET_2011, digestMatches: true },
            { path: 'efi/boot/bootx64.efi', machine: 'x64', signing: '2023', chain: SET_2023, digestMatches: true },
            { path: `${EFISYS}/${BOOT_PROGRAM}`, signing: '2023', chain: SET_2023, digestMatches: true },
          ],
        },
      ],
      operatingSystems: [{ name: 'windows', edition: 'Professional', architecture: 'x64', language: 'en-US' }],
    });
    const { stdout } = await cli(['inspect', await winpe()]);
    expect(stdout).toContain('Secure Boot: set 2023; the PC must trust Windows UEFI CA 2023\n');
    expect(stdout).toMatch(/windows +Professional +10\.0\.26100\.1742 +x64 +en-US/);
  });

  it('is whole, and not with a byte changed in boot.wim or in the image that UEFI starts', async () => {
    expect(await json('verify', await winpe())).toMatchObject({
      exitCode: 0,
      document: { passed: true, bad: [], extra: [] },
    });
    for (const path of ['sources/boot.wim', EFISYS]) {
      const { exitCode, document } = await json('verify', await flipped(await winpe(), path));
      expect([exitCode, document.bad[0]]).toEqual([4, { path, reason: 'its content has changed' }]);
    }
  });

  it('with a boot program of the other set is refused, each with its chain', async () => {
    const folder = await unpack(await winpe());
    const sign = await makeSigner(await temporaryFolder());
    const program = join(folder, 'efi/boot/bootx64.efi');
    await writeFile(program, await sign(await readFile(program), 2011));
    expect((await json('inspect', folder)).document.bootEnvironments[0].signing).toBe('mixed');
    await vouchFor(folder, 'efi/boot/bootx64.efi');
    const { exitCode, stdout } = await cli(['verify', folder]);
    expect([exitCode, stdout]).toEqual([4, expect.stringContaining('Error MEDIUM_CORRUPT: ')]);
    const { document } = await json('verify', folder);
    expect(document.bad).toEqual([
      { path: 'efi/boot/bootx64.efi', reason: expect.stringMatching(/different signing sets.*\(2011, Microsoft Win/) },
      { path: `${EFISYS}/${BOOT_PROGRAM}`, reason: expect.stringMatching(/\(2023, Microsoft Windows < Windows UEFI/) },
    ]);
  });
});

describe('what is no medium of ours is named', () => {
  it.each([
    ['a Windows ISO', () => windows.isoFile(), 'is a Windows ISO and no medium of ours: name it as a source'],
    ['the same as UDF', () => windows.udfFile(), 'is a Windows ISO and no medium of ours: name it as a source'],
    ['its folder', () => windows.mediaFolder(), 'is a folder of Windows media'],
    ['a WIM', () => windows.bootWim(), 'is a Windows image'],
    ['an empty folder', () => temporaryFolder(), 'it has no mediasmith/manifest.json'],
    ['nothing', async () => '/nonexistent.iso', 'cannot be opened'],
    ['a text', async () => import.meta.filename, 'is not an ISO file'],
    ['a device', async () => '/dev/null', 'is neither a file nor a folder nor a disk'],
  ])('%s', async (_, path, message) => {
    const medium = await path();
    for (const command of ['inspect', 'verify'] as const) {
      const error = { code: 'MEDIUM_INVALID', where: medium, message: expect.stringContaining(message) };
      expect(await json(command, medium)).toMatchObject({ exitCode: 2, document: { error } });
    }
  });
});
