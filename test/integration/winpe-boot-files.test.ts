import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BootFileTree } from '../../builder/boot/winpe/boot-file-set.ts';
import { type BootFile, chooseBootFiles } from '../../builder/boot/winpe/boot-files.ts';
import { readBootStore } from '../../builder/boot/winpe/boot-store.ts';
import { type BootFileSigning, readSigning, refuseMixed, signingInWords } from '../../builder/boot/winpe/signing.ts';
import { exec } from '../../runtime/host/exec.ts';
import { bootTree } from '../helpers/microsoft-boot-tree.ts';
import { type MicrosoftMedia, makeMicrosoftMedia } from '../helpers/microsoft-media.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

let folder = '';
let media: MicrosoftMedia;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mediasmith-boot-files-'));
  media = makeMicrosoftMedia(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const X64 = { architecture: 'x64', pressAnyKey: false } as const;
const WINDOWS = 'Microsoft Windows < Windows UEFI CA 2023 < Microsoft Root Certificate Authority 2010';

async function imageTree(wim: string, index: number): Promise<BootFileTree> {
  const { stdout } = await exec(['wimlib-imagex', 'dir', wim, String(index)]);
  return bootTree(
    `image ${index} of ${wim}`,
    stdout.split('\n').map((path) => path.slice(1)),
  );
}

async function folderTree(root: string): Promise<BootFileTree> {
  return bootTree(root, await readdir(root, { recursive: true }));
}

/** Puts the chosen files where a medium has them and reads who signed those that are signed. */
async function signings(files: readonly BootFile[], wim: string, root = ''): Promise<BootFileSigning[]> {
  const place = await temporaryFolder();
  const read: BootFileSigning[] = [];
  for (const { path, from, sourcePath } of files) {
    if (from === 'made' || !/\.efi$|efisys/i.test(path)) continue;
    const copy = join(place, 'copy', sourcePath);
    await mkdir(join(copy, '..'), { recursive: true });
    if (from === 'media') await cp(join(root, sourcePath), copy);
    else await exec(['wimlib-imagex', 'extract', wim, '1', `/${sourcePath}`, `--dest-dir=${join(copy, '..')}`]);
    read.push(...(await readSigning(path, copy, { scratch: place, exec })));
  }
  return read;
}

describe('the boot files of a serviced boot.wim', () => {
  test('are the newer set, the program inside the El Torito image too; bootmgr.efi is the older and only named', async () => {
    const wim = await media.bootWim();
    const chosen = chooseBootFiles({ image: await imageTree(wim, 2) }, { ...X64, secureBoot: 'default' });
    expect(chosen.set).toBe('2023');
    const read = await signings(chosen.files, wim);
    expect(read.map(signingInWords)).toEqual([
      `efi/boot/bootx64.efi: 2023, ${WINDOWS}`,
      `efi/microsoft/boot/efisys_noprompt.bin/EFI/BOOT/BOOTX64.EFI: 2023, ${WINDOWS}`,
      `bootmgr.efi: 2011, ${WINDOWS.replace('Windows UEFI CA 2023', 'Microsoft Windows Production PCA 2011')}`,
    ]);
    expect(read.map(({ startedByFirmware }) => startedByFirmware)).toEqual([true, true, false]);
    expect(refuseMixed(read, '2023')).toBe('2023');
    expect(() => refuseMixed(read, '2011')).toThrow('the boot files are of the set 2023, and 2011 was asked for');
  });

  test('are the older set when asked', async () => {
    const wim = await media.bootWim();
    const chosen = chooseBootFiles({ image: await imageTree(wim, 1) }, { ...X64, secureBoot: '2011' });
    expect(refuseMixed(await signings(chosen.files, wim))).toBe('2011');
  });

  test('of both sets together are refused, each named with its chain', async () => {
    const wim = await media.bootWim();
    const image = await imageTree(wim, 1);
    const [older, newer] = (['2011', '2023'] as const).map((secureBoot) =>
      chooseBootFiles({ image }, { ...X64, secureBoot }),
    );
    const mixed = [
      ...(newer?.files ?? []).filter(({ path }) => path.startsWith('efi/boot/')),
      ...(older?.files ?? []).filter(({ path }) => path.includes('efisys')),
    ];
    const read = await signings(mixed, wim);
    expect(() => refuseMixed(read)).toThrow(
      expect.objectContaining({
        code: 'SIGNING_MIXED',
        lines: [
          expect.stringContaining('efi/boot/bootx64.efi: 2023, Microsoft Windows < Windows UEFI CA 2023'),
          expect.stringContaining('BOOTX64.EFI: 2011, Microsoft Windows < Microsoft Windows Production PCA 2011'),
        ],
      }),
    );
  });
});

test("the ADK's folder gives what its winpe.wim lacks, of one set", async () => {
  const adk = await media.adkFolder();
  const wim = join(adk, 'amd64/en-us/winpe.wim');
  const sources = { image: await imageTree(wim, 1), media: await folderTree(adk) };
  const chosen = chooseBootFiles(sources, { ...X64, secureBoot: 'default' });
  expect(chosen.files.filter(({ from }) => from === 'media').map(({ path }) => path)).toEqual([
    ...['boot/bcd', 'boot/etfsboot.com', 'boot/boot.sdi', 'efi/microsoft/boot/bcd'],
    'efi/microsoft/boot/efisys_noprompt.bin',
  ]);
  expect(refuseMixed(await signings(chosen.files, wim, adk))).toBe('2023');
});

test('an ISO signed anew under the plain names is known by its certificates', async () => {
  const place = await temporaryFolder();
  const signedAnew = makeMicrosoftMedia(place, { newerSet: false, plainSet: 2023, install: 'none' });
  const root = await signedAnew.mediaFolder();
  const program = await readSigning('efi/boot/bootx64.efi', join(root, 'efi/boot/bootx64.efi'), {
    scratch: place,
    exec,
  });
  expect(refuseMixed(program)).toBe('2023');
  const sources = { image: bootTree('boot.wim without boot files', []), media: await folderTree(root) };
  const chosen = chooseBootFiles({ ...sources, plainSets: { media: '2023' } }, { ...X64, secureBoot: '2023' });
  expect(refuseMixed(await signings(chosen.files, '', root), '2023')).toBe('2023');
  const bcd = await readBootStore(join(root, 'efi/microsoft/boot/bcd'), exec);
  expect(bcd.entries[0]?.device).toMatchObject({ type: 'ramdisk', path: '\\sources\\boot.wim' });
});

test('an El Torito image that is none, is empty, or is cut in the middle of its program', async () => {
  const place = await temporaryFolder();
  const path = join(place, 'efisys.bin');
  const read = () => readSigning('efi/microsoft/boot/efisys.bin', path, { scratch: place, exec });
  const refusal = { code: 'SOURCE_INVALID', message: expect.stringContaining('efisys.bin') };
  const whole = await readFile(join(await media.mediaFolder(), 'efi/microsoft/boot/efisys.bin'));
  for (const bytes of [Buffer.from('nothing'), Buffer.alloc(1_474_560), whole.subarray(0, 0x4a00)]) {
    await writeFile(path, bytes);
    await expect(read()).rejects.toMatchObject(refusal);
  }
});

describe("the things the tests make have the shape of Microsoft's", () => {
  test('boot.wim: two images, the second started, LZX', async () => {
    const { stdout } = await exec(['wimlib-imagex', 'info', await media.bootWim()]);
    expect(stdout).toMatch(/Compression: +LZX/);
    expect(stdout).toMatch(/Boot Index: +2/);
    expect([...stdout.matchAll(/^(?:Name|Architecture|Build): +(.*)$/gm)].map(([, value]) => value)).toEqual([
      ...['Microsoft Windows PE (amd64)', 'x86_64', '26100'],
      ...['Microsoft Windows Setup (amd64)', 'x86_64', '26100'],
    ]);
  });

  test('install.esd is solid, install.swm has several parts, both ISOs start BIOS and UEFI', async () => {
    expect((await exec(['wimlib-imagex', 'info', await media.installEsd()])).stdout).toMatch(/Version: +3584/);
    expect((await readdir(join(await media.installSwm(), '..'))).length).toBeGreaterThan(1);
    for (const iso of [await media.isoFile(), await media.udfFile()]) {
      const { stdout } = await exec(['xorriso', '-no_rc', '-indev', `stdio:${iso}`, '-report_el_torito', 'plain']);
      expect([...stdout.matchAll(/^El Torito boot img : +\d +(\w+) +y/gm)].map(([, kind]) => kind)).toEqual([
        'BIOS',
        'UEFI',
      ]);
    }
  });
});
