import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { prepareLinuxBootEnvironment } from '../../builder/boot/linux/prepare.ts';
import { linuxBootFolder } from '../../builder/boot/linux/prepare-packages.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { exec } from '../../runtime/host/exec.ts';

const PACKAGES = ['packages', 'resolution.json'];

/**
 * A cache with the Debian packages of the shared one and, unless `base` is false, its half of the boot environment that
 * has no runtime in it. The shared one keeps only the newest few environments: one that a test makes of its own program
 * would push out what another file reads.
 */
export async function ownCache(folder: string, { base = true } = {}): Promise<string> {
  await prepareLinuxBootEnvironment({ cacheFolder: cacheFolder(), exec, emit: () => undefined });
  await mkdir(linuxBootFolder(folder), { recursive: true });
  for (const part of base ? [...PACKAGES, 'base'] : PACKAGES)
    await symlink(join(linuxBootFolder(cacheFolder()), part), join(linuxBootFolder(folder), part));
  return folder;
}
