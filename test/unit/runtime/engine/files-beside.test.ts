import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filesBeside } from '../../../../runtime/engine/files-beside.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const PATHS = ['EFI/BOOT/BOOTX64.EFI', 'boot/vmlinuz', 'mediasmith/bios/core.img', 'mediasmith/images/windows.wim'];
const FILES = PATHS.map((path) => ({ path, bytes: 1, sha256: '0'.repeat(64) }));

async function aMedium(paths: readonly string[]): Promise<string> {
  const root = await temporaryFolder();
  await writeFiles(root, Object.fromEntries(paths.map((path) => [path, 'x'])));
  return root;
}

it('all files of a medium are beside its manifest, also those that are missing', async () => {
  const root = await aMedium(PATHS);
  await rm(join(root, 'boot/vmlinuz'));
  expect(await filesBeside(root, FILES)).toEqual(FILES);
});

it('on a stick with two volumes what the machine has started from is not', async () => {
  const root = await aMedium(['mediasmith/images/windows.wim']);
  expect((await filesBeside(root, FILES)).map(({ path }) => path)).toEqual(['mediasmith/images/windows.wim']);
});
