import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extractFromArchive } from '../../builder/tools/seven-zip.ts';
import { updateSticks } from '../../builder/writers/usb/update-sticks.ts';
import type { Manifest } from '../../runtime/contract/manifest.ts';
import { exec } from '../../runtime/host/exec.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { stickContext, withStick } from '../helpers/e2e-stick.ts';
import { type MicrosoftMedia, makeMicrosoftMedia } from '../helpers/microsoft-media.ts';
import { INSTALL_SEQUENCE } from '../helpers/project.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { buildProject, winpeProject } from '../helpers/winpe-project.ts';

let folder: string;
let windows: MicrosoftMedia;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-winpe-'));
  windows = makeMicrosoftMedia(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The files of an ISO as 7-Zip unpacks them. */
async function unpack(iso: string): Promise<string> {
  const folder = await temporaryFolder();
  await extractFromArchive({ archive: iso, folder }, exec);
  return folder;
}

async function build(source: string, ...winpe: string[]) {
  const folder = await winpeProject({ source, winpe });
  const { exitCode, stdout, stderr } = await buildProject(folder);
  expect([exitCode, stderr.includes('Mediasmith bug')], stdout + stderr).toEqual([0, false]);
  return { folder, iso: join(folder, 'out.iso'), result: JSON.parse(stdout) };
}

describe('a medium from a Windows ISO', () => {
  it('starts under BIOS and UEFI by two entries, and has the customised boot image and the one edition', async () => {
    const { iso } = await build(await windows.isoFile());
    const { stdout } = await exec(['xorriso', '-no_rc', '-indev', iso, '-report_el_torito', 'plain']);
    expect(stdout).toMatch(/boot img : +1 +BIOS +y +none +0x0000 +0x00 +8 /);
    expect(stdout).toMatch(/boot img : +2 +UEFI +y /);
    const medium = await unpack(iso);
    using boot = await WimFile.open(join(medium, 'sources/boot.wim'));
    expect(boot.info.bootIndex).toBe(2);
    const names = await boot.listPaths(2, '/mediasmith');
    expect(names.map(({ path }) => path)).toEqual(expect.arrayContaining(['/mediasmith/mediasmith.exe']));
    using images = await WimFile.open(join(medium, 'mediasmith/images/install.wim'));
    expect(images.images().map(({ name }) => name)).toEqual(['Windows 11 Pro']);
    const manifest = JSON.parse(await readFile(join(medium, 'mediasmith/manifest.json'), 'utf8'));
    expect(manifest).toMatchObject({
      bootEnvironment: 'winpe',
      images: [{ name: 'windows', index: 1, edition: 'Professional', architecture: 'x64', language: 'en-US' }],
    });
    const report = JSON.parse(await readFile(join(medium, 'mediasmith/boot-environment.json'), 'utf8'));
    expect(report).toMatchObject({ kind: 'winpe', signing: '2023', components: ['Scripting', 'SecureStartup', 'WMI'] });
  });

  it('gives the same bytes again, and from the same files as UDF', async () => {
    const [a, b] = [await build(await windows.isoFile()), await build(await windows.udfFile())];
    expect(b.result.outputs[0].sha256).toBe(a.result.outputs[0].sha256);
  });

  it('has the same boot image when it is built anew with another sequence, so that its stick needs little', async () => {
    const source = await windows.isoFile();
    const of = async (sequence: string) => {
      const folder = await winpeProject({
        source,
        sequence,
        more: 'outputs: [{ iso: out.iso }, { usb: out.img, size: 1 GB }]',
      });
      expect((await buildProject(folder)).exitCode).toBe(0);
      const medium = await unpack(join(folder, 'out.iso'));
      const manifest: Manifest = JSON.parse(await readFile(join(medium, 'mediasmith/manifest.json'), 'utf8'));
      return { folder, manifest, digest: (path: string) => manifest.files.find((file) => file.path === path)?.sha256 };
    };
    const before = await of(INSTALL_SEQUENCE);
    const after = await of(INSTALL_SEQUENCE.replace('name:', 'description: Another one\nname:'));
    expect(after.manifest.id).not.toBe(before.manifest.id);
    expect(after.manifest.bootImage).toBe(before.manifest.bootImage);
    expect(after.digest('sources/boot.wim')).toBe(before.digest('sources/boot.wim'));
    const stick = join(before.folder, 'out.img');
    const [updated] = await withStick(stick, (target) =>
      updateSticks(join(after.folder, 'out.iso'), [target], stickContext()),
    );
    expect(updated?.bytesWritten).toBeLessThan(5_000_000);
  });

  it('waits for a key when asked to', async () => {
    const names = async (...winpe: string[]) => {
      const medium = await unpack((await build(await windows.isoFile(), ...winpe)).iso);
      const paths = await readdir(medium, { recursive: true });
      return paths.filter((path) => /bootfix|efisys/i.test(path)).sort();
    };
    expect(await names()).toEqual(['efi/microsoft/boot/efisys_noprompt.bin']);
    expect(await names('pressAnyKey: true')).toEqual(['boot/bootfix.bin', 'efi/microsoft/boot/efisys.bin']);
  });

  it('makes two media for both sets of boot files', async () => {
    const folder = await winpeProject({ source: await windows.isoFile(), winpe: ['secureBoot: both'] });
    const { exitCode, stdout } = await buildProject(folder);
    expect(exitCode).toBe(0);
    const { outputs } = JSON.parse(stdout);
    expect(outputs.map(({ path }: { path: string }) => path)).toEqual(
      ['out-2011.iso', 'out-2023.iso'].map((name) => join(folder, name)),
    );
    const reports = await Promise.all(
      outputs.map(async ({ path }: { path: string }) =>
        JSON.parse(await readFile(join(await unpack(path), 'mediasmith/boot-environment.json'), 'utf8')),
      ),
    );
    expect(reports.map(({ signing }) => signing)).toEqual(['2011', '2023']);
  });
});

describe('a medium from other sources', () => {
  it.each(['mediaFolder', 'udfFile', 'adkFolder', 'bootWim'] as const)('%s', async (kind) => {
    const source = await windows[kind]();
    const install = await windows.installWim();
    const folder = await winpeProject({
      source,
      images: `images: [{ name: windows, source: ${install}, image: 2 }]`,
    });
    const { exitCode, stdout, stderr } = await buildProject(folder);
    expect(exitCode, stdout + stderr).toBe(0);
    expect((await stat(join(folder, 'out.iso'))).size).toBeGreaterThan(30_000_000);
  });

  it.each(['installEsd', 'installSwm'] as const)('images from %s', async (kind) => {
    const folder = await winpeProject({
      source: await windows.bootWim(),
      images: `images: [{ name: windows, source: ${await windows[kind]()}, image: Windows 11 Pro }]`,
    });
    expect((await buildProject(folder)).exitCode).toBe(0);
    const medium = await unpack(join(folder, 'out.iso'));
    using images = await WimFile.open(join(medium, 'mediasmith/images/install.wim'));
    expect(images.images().map(({ name }) => name)).toEqual(['Windows 11 Pro']);
    await images.verify();
  });
});
