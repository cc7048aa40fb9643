import { copyFile, link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WINDOWS_PACKAGES } from '../../builder/boot/winpe/windows-packages.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { cachedFolder, contentKey, keepNewest } from '../../builder/cached-folder.ts';
import { bundleForNode } from '../../builder/tools/esbuild.ts';
import { fetchNpmPackage } from '../../builder/tools/npm-package.ts';
import { buildSingleExecutable } from '../../builder/tools/single-executable.ts';
import { exec } from '../../runtime/host/exec.ts';
import { ROOT } from './sources.ts';
import { CALLS_FOLDER, PLAN_FILE, type StubCall, type StubPlan } from './wine-stub/plan.ts';

export { APPLY_FOLDER, type StubCall, type StubPlan, type StubReply } from './wine-stub/plan.ts';

/** Recording stand-ins for Microsoft's tools. */
export type Stubs = {
  /** What they do from now on. */
  plan(plan: StubPlan): Promise<void>;
  /** What was called, in order. */
  calls(): Promise<StubCall[]>;
  /** As if none had been called yet. */
  forget(): Promise<void>;
};

const ENTRY = fileURLToPath(new URL('wine-stub/main.ts', import.meta.url));
const KEPT = 2;

/** Puts a stub for each tool, named without `.exe`, into a folder, as a rule `Windows/System32` of a drive. */
export async function installStubs(folder: string, tools: readonly string[]): Promise<Stubs> {
  const stub = await stubExecutable();
  await mkdir(folder, { recursive: true });
  for (const tool of tools) await linkOrCopy(stub, join(folder, `${tool}.exe`));
  return {
    plan: (plan) => writeFile(join(folder, PLAN_FILE), JSON.stringify(plan)),
    forget: () => rm(join(folder, CALLS_FOLDER), { recursive: true, force: true }),
    async calls() {
      const place = join(folder, CALLS_FOLDER);
      const names = await readdir(place).catch(() => []);
      const texts = await Promise.all(names.sort().map((name) => readFile(join(place, name), 'utf8')));
      return texts.map((text) => JSON.parse(text) as StubCall);
    },
  };
}

/** A second name for a large file that nobody changes; a copy where the two are on different file systems. */
export async function linkOrCopy(file: string, name: string): Promise<void> {
  await link(file, name).catch(() => copyFile(file, name));
}

/** One executable for all of them: it goes by the name it was started with. Kept in the cache. */
async function stubExecutable(): Promise<string> {
  const { program } = await bundleForNode({ entry: ENTRY, projectFolder: ROOT });
  const { node } = WINDOWS_PACKAGES.x64;
  const parent = join(cacheFolder(), 'wine/stub');
  const place = join(parent, contentKey([Buffer.from(program).toString('utf8'), node]));
  await cachedFolder(place, async (temporary) => {
    const template = join(await fetchNpmPackage(node, join(cacheFolder(), 'npm'), exec), 'bin/node.exe');
    const output = join(temporary, 'stub.exe');
    await buildSingleExecutable({ node: process.execPath, template, program, workspace: temporary, output }, exec);
  });
  await keepNewest(parent, KEPT);
  return join(place, 'stub.exe');
}
