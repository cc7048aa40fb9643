import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exec } from '../../../runtime/host/exec.ts';
import { cachedFolder, contentKey } from '../../cached-folder.ts';
import { cpioArchive } from '../../tools/cpio.ts';
import { DISK_BOOT_RECIPE, diskBootChainEntries } from './disk-boot-chain.ts';
import { kernelModuleEntries } from './kernel-module-entries.ts';
import { MODULES_RECIPE } from './kernel-modules.ts';
import type { UnpackedPackages } from './unpack-packages.ts';
import { USERLAND_RECIPE, userlandEntries } from './userland.ts';
import { zstd } from './zstd.ts';

/** Raise it when anything in the making changes that the key does not see. */
const RECIPE = 4;
const RECIPES = [MODULES_RECIPE, USERLAND_RECIPE, DISK_BOOT_RECIPE];

/** The first half of the initramfs: everything besides our runtime. Changes with the packages and the init template only. */
export type BaseImage = { key: string; file: string };

/** Where the base image for these inputs is, or will be. */
export async function baseImage(folder: string, packages: UnpackedPackages, initTemplate: string): Promise<BaseImage> {
  const key = contentKey([RECIPE, packages.key, await readFile(initTemplate, 'utf8'), RECIPES]);
  return { key, file: join(folder, 'base', key, 'base.img') };
}

/** Makes the base image unless the cache has it. */
export async function makeBaseImage(
  options: { folder: string; key: string; packages: UnpackedPackages; initTemplate: string },
  exec: Exec,
): Promise<void> {
  const { root, kernelRelease } = options.packages;
  await cachedFolder(join(options.folder, 'base', options.key), async (temporary) => {
    const workspace = join(temporary, 'work');
    await mkdir(workspace);
    const entries = [
      ...(await userlandEntries(root, await readFile(options.initTemplate, 'utf8'), exec)),
      ...(await kernelModuleEntries({ root, release: kernelRelease, workspace }, exec)),
      ...(await diskBootChainEntries(root, workspace, exec)),
    ];
    const archive = await cpioArchive({ entries, workspace }, exec);
    await writeFile(join(temporary, 'base.img'), await zstd(archive, 19));
    await rm(workspace, { recursive: true });
  });
}
