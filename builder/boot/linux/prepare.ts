import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { cachedFolder, contentKey, keepNewest } from '../../cached-folder.ts';
import { refuseDamaged, writeSums } from '../boot-file-sums.ts';
import { PackageNotice } from '../package-notice.ts';
import { baseImage, makeBaseImage } from './base-image.ts';
import { linuxBootFolder, type PackagesOptions, preparePackages, withSignal } from './prepare-packages.ts';
import { runtimeNotices, runtimeSources } from './runtime-executable.ts';
import { makeRuntimeImage } from './runtime-image.ts';
import type { UnpackedPackages } from './unpack-packages.ts';

export type PrepareOptions = PackagesOptions & {
  /** The runtime's entry file; ours unless given. */
  runtimeEntry?: string;
  initTemplate?: string;
};

/** Paths into the cache. They stay until the cache is cleared; nothing may write to them. */
export type LinuxBootEnvironment = {
  /** SHA-256 over everything the environment was made from. */
  key: string;
  kernel: string;
  kernelRelease: string;
  initrd: string;
  shim: string;
  mokManager: string;
  /** The signed GRUB that looks for its configuration beside itself. */
  grub: string;
  /** The unpacked Debian packages: GRUB's BIOS files, and programs that run out of it. */
  root: string;
  packages: PackageNotice[];
  /** The same list as JSON. */
  packagesFile: string;
  /** One `<package>.txt` per Debian package: its copyright file. */
  licencesFolder: string;
};

/** How many environments the cache keeps: whoever changes the runtime makes one with every change. */
const KEPT = 4;
/** Raise it when the folder of an environment gets other files. */
const RECIPE = 2;
const INIT_TEMPLATE = fileURLToPath(new URL('../../../templates/linux/init', import.meta.url));

/**
 * Our Linux boot environment, made from Debian 13 packages and the runtime; kept in the cache by content, so that a
 * second call does nothing and needs no network. Nothing is installed on the host and root rights are not needed.
 *
 * Throws `TOOL_FAILED` when the packages cannot be fetched.
 */
export async function prepareLinuxBootEnvironment(options: PrepareOptions): Promise<LinuxBootEnvironment> {
  const folder = linuxBootFolder(options.cacheFolder);
  const exec = withSignal(options.exec, options.signal);
  const packages = await preparePackages(options);
  const sources = await runtimeSources(options.cacheFolder, options.runtimeEntry);
  const initTemplate = options.initTemplate ?? INIT_TEMPLATE;
  const base = await baseImage(folder, packages, initTemplate);
  const key = contentKey([RECIPE, base.key, sources.key]);
  const place = join(folder, 'environment', key);
  const environment = { initrd: join(place, 'initrd.img'), packagesFile: join(place, 'packages.json') };
  const { kernel, shim, mokManager, grub } = bootFiles(packages);
  const started = { kernel, shim, mokManager, grub };
  await cachedFolder(place, async (temporary) => {
    log(options, 'making the boot environment of the kernel, the tools and the runtime');
    await makeBaseImage({ folder, key: base.key, packages, initTemplate }, exec);
    const runtime = await makeRuntimeImage({ sources, root: packages.root, workspace: temporary }, exec);
    await writeFile(join(temporary, 'initrd.img'), joinedArchives(await readFile(base.file), runtime));
    const notices = [...(await readNotices(packages.packagesFile)), ...(await runtimeNotices())];
    await writeFile(join(temporary, 'packages.json'), `${JSON.stringify(notices, null, 2)}\n`);
    await writeSums(temporary, { ...started, initrd: join(temporary, 'initrd.img') });
  });
  await refuseDamaged(folder, place, { ...started, initrd: environment.initrd });
  for (const kind of ['environment', 'base', 'packages']) await keepNewest(join(folder, kind), KEPT);
  return {
    key,
    ...environment,
    ...bootFiles(packages),
    packages: await readNotices(environment.packagesFile),
    licencesFolder: packages.licencesFolder,
  };
}

/** Padded to a multiple of 4, because the kernel wants that of whatever somebody appends another archive to. */
function joinedArchives(...halves: readonly Buffer[]): Buffer {
  const length = halves.reduce((sum, half) => sum + half.length, 0);
  return Buffer.concat([...halves, Buffer.alloc((4 - (length % 4)) % 4)]);
}

function bootFiles({ root, kernelRelease }: UnpackedPackages) {
  return {
    kernel: join(root, 'boot', `vmlinuz-${kernelRelease}`),
    kernelRelease,
    shim: join(root, 'usr/lib/shim/shimx64.efi.signed'),
    mokManager: join(root, 'usr/lib/shim/mmx64.efi.signed'),
    grub: join(root, 'usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed'),
    root,
  };
}

async function readNotices(file: string): Promise<PackageNotice[]> {
  return z.array(PackageNotice).parse(JSON.parse(await readFile(file, 'utf8')));
}

function log(options: PrepareOptions, message: string): void {
  options.emit({ event: 'log', level: 'info', component: 'boot-environment', message });
}
