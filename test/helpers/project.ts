import { join } from 'node:path';
import { type LoadedProject, loadProject, type MediaProject } from '../../builder/config/load.ts';
import type { ChosenImage, WimSource } from '../../builder/resolve/resolve-images.ts';
import type { ResolvedProject } from '../../builder/resolve/resolved-project.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

/** A sequence that needs nothing of the project. */
export const SEQUENCE = 'formatVersion: 1\nid: a\nname: A\nsteps:\n  - step: restart-computer\n';

/** A sequence that applies the image `windows`. */
export const INSTALL_SEQUENCE = `formatVersion: 1
id: install
name: Install
steps:
  - step: format-and-partition-disk
  - step: apply-operating-system
    image: windows
`;

/** The head of a project; what a test is about comes behind it. */
export const HEAD = 'formatVersion: 1\nname: Test\n';

/** Writes media.yaml and what lies beside it into a new folder, and loads it. */
export async function loadText(
  mediaYaml: string,
  files: Record<string, string> = { 'a.yaml': SEQUENCE },
): Promise<LoadedProject & { folder: string }> {
  const folder = await temporaryFolder();
  await writeFiles(folder, { 'media.yaml': mediaYaml, ...files });
  return { folder, ...(await loadProject(join(folder, 'media.yaml'))) };
}

/** A project that was loaded without a problem, changed as a test wants it. */
export async function aProject(change: (project: MediaProject, folder: string) => Partial<MediaProject> = () => ({})) {
  const { project, folder } = await loadText(`${HEAD}sequences: [a.yaml]\noutputs: [{ iso: out.iso }]\n`);
  if (project === undefined) throw new Error('the project of the tests has problems');
  return { ...project, ...change(project, folder) };
}

/** A resolved WIM of one or more images, all or some of which are wanted. */
export function aWim(
  path: string,
  wanted: readonly [name: string, index: number][],
  wish: Partial<WimSource> = {},
): WimSource {
  const chosen = wanted.map(
    ([name, index]): ChosenImage => ({
      name,
      index,
      image: { index, name, description: '', bytes: 1000, files: 1, directories: 1 },
    }),
  );
  const { parts = [path], bytes = 5000 } = wish;
  const facts = { bytes, fingerprint: 'f', compression: 'LZX' as const, verified: true, whole: false };
  return { path, origin: path, parts, partSizes: parts.map(() => bytes / parts.length), ...facts, chosen, ...wish };
}

export async function aResolvedProject(wish: Partial<ResolvedProject> = {}): Promise<ResolvedProject> {
  return { project: await aProject(), wims: [], packages: [], upgradePackages: [], winpe: undefined, ...wish };
}
