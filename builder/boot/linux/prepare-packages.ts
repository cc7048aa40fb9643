import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Emit } from '../../../runtime/contract/events.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import { openWorkspace } from '../../workspace.ts';
import { rememberedResolution, resolvePackages } from './resolve-packages.ts';
import { arePackagesUnpacked, type UnpackedPackages, unpackedPackages, unpackPackages } from './unpack-packages.ts';

export type PackagesOptions = {
  cacheFolder: string;
  /** Ask Debian for newer packages even when the cache has some. */
  refresh?: boolean;
  exec: Exec;
  emit: Emit;
  signal?: AbortSignal;
};

/**
 * The unpacked Debian packages the boot environment is made from: those in the cache, or fetched now. Media of WinPE take
 * GRUB out of them. Throws `TOOL_FAILED` when they cannot be fetched.
 */
export async function preparePackages(options: PackagesOptions): Promise<UnpackedPackages> {
  const { refresh = false, emit } = options;
  const folder = linuxBootFolder(options.cacheFolder);
  const exec = withSignal(options.exec, options.signal);
  await mkdir(folder, { recursive: true });
  const remembered = refresh ? undefined : await rememberedResolution(folder);
  if (remembered !== undefined) {
    const packages = unpackedPackages(folder, remembered);
    if (await arePackagesUnpacked(packages)) return packages;
  }
  const message = 'fetching the Debian 13 packages of the boot environment';
  emit({ event: 'log', level: 'info', component: 'boot-environment', message });
  // Another build may be fetching them too: the first that is ready is what both take.
  await using workspace = await openWorkspace(folder);
  const downloads = join(workspace.folder, 'downloads');
  const resolution = await resolvePackages(folder, { workspace: workspace.folder, downloads }, exec);
  await unpackPackages(folder, { resolution, downloads }, exec);
  return unpackedPackages(folder, resolution);
}

/** Where the cache keeps everything of the Linux boot environment. */
export function linuxBootFolder(cacheFolder: string): string {
  return join(cacheFolder, 'linux-boot');
}

export function withSignal(exec: Exec, signal: AbortSignal | undefined): Exec {
  return signal === undefined ? exec : (argv, given) => exec(argv, { signal, ...given });
}
