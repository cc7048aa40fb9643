import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatherBootFiles } from '../../builder/boot/winpe/gather-boot-files.ts';
import { signingWarnings } from '../../builder/boot/winpe/signing.ts';
import { WinpeOptions } from '../../builder/config/schema.ts';
import { resolveWinpe } from '../../builder/resolve/resolve-winpe.ts';
import { SourceMemory } from '../../builder/source-memory.ts';
import { copyIntoFat } from '../../builder/tools/mtools.ts';
import { exec } from '../../runtime/host/exec.ts';
import { type MicrosoftMedia, type MicrosoftMediaOptions, makeMicrosoftMedia } from '../helpers/microsoft-media.ts';
import { tinyPe } from '../helpers/microsoft-pe.ts';
import { makeSigner } from '../helpers/microsoft-signing.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { buildProject, winpeProject } from '../helpers/winpe-project.ts';

const EX = '/Windows/Boot/EFI_EX/bootmgfw_EX.efi';
let folder = '';
let windows: MicrosoftMedia;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-gather-'));
  windows = makeMicrosoftMedia(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const older = (name: string, options: MicrosoftMediaOptions = {}) =>
  makeMicrosoftMedia(join(folder, name), { newerSet: false, install: 'none', ...options });

async function gather(options: object) {
  const place = await temporaryFolder();
  const signal = new AbortController().signal;
  const context = { exec, emit: () => undefined, signal };
  const memory = new SourceMemory(place);
  const resolving = { ...context, cacheFolder: place, memory, verifySources: false };
  const winpe = await resolveWinpe(WinpeOptions.parse(options), [], resolving);
  const workspace = join(place, 'work');
  await mkdir(workspace);
  const time = new Date('2026-01-01T00:00:00Z');
  return { workspace, gathering: gatherBootFiles(winpe, { signing: undefined, time }, { ...context, workspace }) };
}

/** What is refused must not name where the file lay for the moment. */
async function refusal(options: object) {
  const { workspace, gathering } = await gather(options);
  const error = await gathering.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  const { code, message, where, lines, hint } = error as Record<'code' | 'message' | 'where' | 'hint', string> & {
    lines: string[];
  };
  expect(hint).toMatch(/\w/);
  const text = [code, message, where, ...lines].join('\n');
  expect(text).not.toContain(workspace);
  return text;
}

/** A copy of a boot.wim with other files in both of its images. */
async function withFiles(wim: string, files: Record<string, Uint8Array | string>): Promise<string> {
  const place = await temporaryFolder();
  const copy = join(place, 'boot.wim');
  await copyFile(wim, copy);
  for (const [index, [path, content]] of Object.entries(files).entries()) {
    await writeFile(join(place, String(index)), content);
    for (const image of ['1', '2'])
      await exec(['wimlib-imagex', 'update', copy, image, `--command=add ${join(place, String(index))} ${path}`]);
  }
  return copy;
}

async function extracted(wim: string, path: string): Promise<Buffer> {
  const place = await temporaryFolder();
  await exec(['wimlib-imagex', 'extract', wim, '2', path, `--dest-dir=${place}`]);
  return readFile(join(place, path.slice(path.lastIndexOf('/') + 1)));
}

describe('boot files for another processor', () => {
  it.each(['x64', 'arm64'] as const)('are refused: a winpe.wim for %s with an ISO for the other', async (here) => {
    const there = here === 'x64' ? 'arm64' : 'x64';
    const adk = await older(`adk-${here}`, { architecture: here }).adkFolder();
    const source = join(adk, here === 'x64' ? 'amd64' : 'arm64', 'en-us/winpe.wim');
    const bootFiles = await older(`iso-${there}`, { architecture: there }).isoFile();
    const text = await refusal({ source, architecture: here, bootFiles });
    expect(text).toMatch(`ARCHITECTURE_MISMATCH\nthe boot image is for ${here}, its boot files are not`);
    expect(text).toContain(`a program for ${there}`);
  });

  it('are refused: a loader for arm64 under the name of x64', async () => {
    const sign = await makeSigner(join(folder, 'arm-signer'));
    const source = await withFiles(await windows.bootWim(), { [EX]: await sign(tinyPe({ machine: 'arm64' }), 2023) });
    expect(await refusal({ source })).toMatch(
      /^ARCHITECTURE_MISMATCH\n.*\n.*efi\/boot\/bootx64\.efi: a program for arm64/s,
    );
  });
});

describe('signatures', () => {
  it('a loader that was changed after it was signed is refused', async () => {
    const loader = await extracted(await windows.bootWim(), EX);
    loader.writeUInt8(loader.readUInt8(0x210) ^ 1, 0x210);
    const source = await withFiles(await windows.bootWim(), { [EX]: loader });
    expect(await refusal({ source })).toMatch(
      /^SOURCE_INVALID\nboot files are not what was signed.*efi\/boot\/bootx64\.efi: 2023, .* \(changed since\)/s,
    );
  });

  it('a set without any is taken, with a warning that names the programs', async () => {
    const place = await temporaryFolder();
    const [image, program] = [join(place, 'efisys.bin'), join(place, 'program.efi')];
    await writeFile(program, tinyPe());
    await exec(['mkfs.fat', '--invariant', '-F', '12', '-C', image, '1440']);
    await copyIntoFat(image, new Map([['EFI/BOOT/BOOTX64.EFI', program]]), 0, exec);
    const source = await withFiles(await older('unsigned').bootWim(), {
      '/Windows/Boot/EFI/bootmgfw.efi': tinyPe(),
      '/Windows/Boot/DVD/EFI/en-US/efisys_noprompt.bin': await readFile(image),
    });
    const { set, signings } = await (await gather({ source })).gathering;
    expect(set).toBe('unsigned');
    expect(signingWarnings(signings)).toEqual([
      'efi/boot/bootx64.efi, efi/microsoft/boot/efisys_noprompt.bin/EFI/BOOT/BOOTX64.EFI: not signed, so that no PC starts this medium with Secure Boot on',
    ]);
    const images = `images: [{ name: windows, source: ${await windows.installWim()}, image: 1 }]`;
    const dryRun = await buildProject(await winpeProject({ source, images }), '--dry-run');
    expect(dryRun.stdout, dryRun.stderr).toMatch(/bootx64\.efi, [^"]*: not signed, so that no PC starts/);
    const signed = await (await gather({ source: await windows.bootWim() })).gathering;
    expect(signingWarnings(signed.signings)).toEqual([]);
  });
});

it('a source is named as its owner knows it, and not where its file lay', async () => {
  const text = 'no such thing';
  const store = await withFiles(await windows.bootWim(), { '/Windows/Boot/DVD/EFI/BCD': text });
  expect(await refusal({ source: store })).toMatch(
    `SOURCE_INVALID\nWindows/Boot/DVD/EFI/BCD in ${store} is not a registry hive`,
  );
  const loader = await withFiles(await windows.bootWim(), { [EX]: text });
  expect(await refusal({ source: loader })).toMatch(
    `SOURCE_INVALID\nWindows/Boot/EFI_EX/bootmgfw_EX.efi in ${loader} is`,
  );
  const efisys = '/Windows/Boot/DVD_EX/EFI/en-US/efisys_noprompt_EX.bin';
  const image = await withFiles(await windows.bootWim(), { [efisys]: text });
  expect(await refusal({ source: image })).toMatch(
    `SOURCE_INVALID\n${efisys.slice(1)} in ${image} is no UEFI boot image`,
  );
});
