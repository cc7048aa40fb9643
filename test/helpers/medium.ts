import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildMedia } from '../../builder/build.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { loadProjectOrThrow } from '../../builder/config/load.ts';
import { makeDemoImage } from '../../builder/demo/windows-image.ts';
import { planMedia } from '../../builder/plan/plan.ts';
import { resolveProject } from '../../builder/resolve/resolve.ts';
import { SourceMemory } from '../../builder/source-memory.ts';
import { exec } from '../../runtime/host/exec.ts';
import { DEPLOY, DRIVER_PACKAGE, IMAGE, type WrittenSequence } from './e2e-sequences.ts';
import { STAND_IN_DRIVER } from './stand-in-driver.ts';

export type TestMedium = {
  /** The first of its outputs, an ISO unless the options say otherwise. */
  iso: string;
  /** What the build has written, in the order of the outputs. */
  outputs: string[];
  /** The WIM the medium's image was exported from; the image is its first. */
  wim: string;
};

type Wishes = {
  sequences?: readonly WrittenSequence[];
  unattended?: boolean;
  size?: typeof SMALL;
  /** Further packages, each with a small file; those called `drivers-` have a driver too. */
  packages?: readonly string[];
  applications?: readonly object[];
  /** Further fields of media.yaml. */
  options?: object;
};

const SMALL = { files: 300, bytes: 8_000_000 };

/**
 * Writes a project with a small image into `folder` and builds its medium as "mediasmith build" does. The boot
 * environment and the image come from the cache that every build on this machine shares.
 */
export async function buildTestMedium(folder: string, wishes: Wishes = {}): Promise<TestMedium> {
  const { sequences = [DEPLOY], unattended = true, size = SMALL } = wishes;
  const { signal } = new AbortController();
  const emit = (): void => {};
  const cache = cacheFolder();
  const image = await makeDemoImage({ folder: join(cache, 'demo'), exec, emit, size });
  await mkdir(folder, { recursive: true });
  const { packages = [], applications = [], options = {} } = wishes;
  await writeProject(folder, image.path, { sequences, unattended, packages, applications, options });
  const memory = new SourceMemory(cache);
  const project = await loadProjectOrThrow(join(folder, 'media.yaml'));
  const plan = planMedia(
    await resolveProject(project, { memory, verifySources: false, emit, signal, exec, cacheFolder: cache }),
  );
  const { outputs } = await buildMedia(plan, { exec, emit, signal, cacheFolder: cache, memory });
  const [output] = outputs;
  if (output === undefined) throw new Error('the build has no output');
  return { iso: output.path, outputs: outputs.map(({ path }) => path), wim: image.path };
}

/** JSON is YAML as well. */
async function writeProject(
  folder: string,
  wim: string,
  { sequences, unattended, packages, applications, options }: Required<Omit<Wishes, 'size'>>,
): Promise<void> {
  const driver = join(folder, DRIVER_PACKAGE);
  await mkdir(driver, { recursive: true });
  await writeFile(join(driver, 'standin.inf'), STAND_IN_DRIVER);
  for (const name of packages) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'content.txt'), name);
    if (name.startsWith('drivers-')) await writeFile(join(folder, name, 'standin.inf'), STAND_IN_DRIVER);
  }
  await symlink(wim, join(folder, 'small.wim'));
  for (const sequence of sequences) await writeFile(join(folder, `${sequence.id}.yaml`), JSON.stringify(sequence));
  const project = {
    formatVersion: 1,
    name: 'Test medium',
    label: 'MEDIASMITH_TEST',
    unattended,
    images: [{ name: IMAGE, source: 'small.wim', image: 1 }],
    packages: [DRIVER_PACKAGE, ...packages].map((name) => ({ name, source: name })),
    ...(applications.length > 0 && { applications }),
    sequences: sequences.map(({ id }) => `${id}.yaml`),
    outputs: [{ iso: 'medium.iso' }],
    ...options,
  };
  await writeFile(join(folder, 'media.yaml'), JSON.stringify(project));
}
