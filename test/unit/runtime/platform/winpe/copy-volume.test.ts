import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hashBytes } from '../../../../../builder/hash.ts';
import type { ManifestFile } from '../../../../../runtime/contract/manifest.ts';
import { copyVolume, filesToCopy } from '../../../../../runtime/platform/winpe/copy-volume.ts';
import { MEDIUM_ID } from '../../../../helpers/fake-medium.ts';
import { prestagedFiles } from '../../../../helpers/prestaged-partitions.ts';
import { temporaryFolder, writeFiles } from '../../../../helpers/temporary-folder.ts';

const FILES = { 'a.txt': 'first', 'b/c.txt': 'second' };

async function folders(files: Readonly<Record<string, string>>): Promise<{ from: string; to: string }> {
  const folder = await temporaryFolder();
  const [from, to] = [join(folder, 'from'), join(folder, 'to')];
  await writeFiles(from, files);
  await mkdir(to);
  return { from, to };
}

async function copy(
  place: { from: string; to: string },
  wish: { listed?: readonly ManifestFile[]; onBytes?: (count: number) => void } = {},
): Promise<void> {
  const listed = new Map((wish.listed ?? []).map((file) => [file.path, file]));
  const files = await filesToCopy(place.from, MEDIUM_ID);
  const task = { listed, signal: undefined, onBytes: wish.onBytes ?? (() => undefined) };
  await copyVolume(files, { ...place, mediumId: MEDIUM_ID }, task);
}

it('has what makes a volume start and a medium of it at the end', async () => {
  const { from } = await folders({ ...prestagedFiles(), '$RECYCLE.BIN/x': '', 'zz/efi/boot/x': '' });
  expect((await filesToCopy(from, MEDIUM_ID)).map(({ path }) => path)).toEqual([
    'EFI/Microsoft/Boot/BCD',
    'bootmgr',
    'mediasmith/bios/core.img',
    'mediasmith/images/windows.wim',
    'mediasmith/manifest.json.sha256',
    'mediasmith/sequences/it.json',
    'sources/boot.wim',
    'zz/efi/boot/x',
    'EFI/BOOT/BOOTX64.EFI',
    `mediasmith/bios/${MEDIUM_ID}`,
    'mediasmith/manifest.json',
  ]);
});

it('copies each byte and reads it back', async () => {
  const place = await folders(FILES);
  let bytes = 0;
  await copy(place, {
    onBytes: (count) => {
      bytes += count;
    },
  });
  for (const [path, text] of Object.entries(FILES)) expect(await readFile(join(place.to, path), 'utf8')).toBe(text);
  expect(bytes).toBe(2 * 'firstsecond'.length);
  expect((await readdir(place.to)).sort()).toEqual(['a.txt', 'b']);
});

it('refuses what is not what the manifest says, without a file by that name', async () => {
  const place = await folders(FILES);
  const listed = [{ path: 'a.txt', bytes: 5, sha256: hashBytes(Buffer.from('other')) }];
  await expect(copy(place, { listed })).rejects.toMatchObject({ code: 'MEDIUM_CORRUPT' });
  expect(await readdir(place.to)).toEqual(['a.txt.partial']);
});

it('finds a file that is not what was written', async () => {
  const place = await folders(FILES);
  const written: Promise<void>[] = [];
  const onBytes = (count: number): void => {
    if (count === 'second'.length) written.push(writeFile(join(place.to, 'a.txt'), 'ruins'));
  };
  await expect(copy(place, { onBytes })).rejects.toMatchObject({
    code: 'READ_BACK_FAILED',
    message: expect.stringContaining('a.txt'),
  });
  await Promise.all(written);
});

it('says which file could not be copied', async () => {
  const place = await folders(FILES);
  await writeFile(join(place.to, 'b'), 'a file where a folder must be');
  await expect(copy(place)).rejects.toMatchObject({
    code: 'DEVICE_FAILED',
    message: expect.stringMatching(/^b\/c\.txt could not be copied .*: E/),
  });
});
