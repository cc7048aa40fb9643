import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import type { WimCallOptions } from '../../../runtime/wim/progress.ts';
import { WimFile } from '../../../runtime/wim/wim-file.ts';
import { namedSource } from '../../named-source.ts';
import { type BootImageAdditions, checkAdditions, SETUPS, stageAdditions } from './additions.ts';
import { chooseBootImage, readBootImage, SYSTEM32 } from './boot-image.ts';
import { refuseMissingDlls } from './dll-check.ts';
import { type BootImageContents, describeBootImage } from './image-report.ts';
import { SYSTEM_HIVE, setScratchSpace } from './scratch-space.ts';
import { StagedTree } from './staged-tree.ts';

export type BootImageOptions = BootImageAdditions &
  WimCallOptions & {
    /** A boot.wim that may be changed: a copy. */
    wim: string;
    /** What errors call it; `wim` unless given. */
    source?: string;
    /** The image to start; unless given, the one the file boots, or the only one. */
    index?: number;
    /** The DLLs the runtime needs. */
    imports: readonly string[];
    /** The time of every file added, and of the image's change. */
    identityTime: Date;
    /** Write the whole file anew: what nothing uses any more goes. */
    rebuild?: boolean;
    /** A folder for a copy of what is added. */
    workspace: string;
  };

/** Paths begin at the root of X:. */
export type BootImageReport = BootImageContents & {
  /** Files, and folders of drivers. */
  added: string[];
  renamed: [from: string, to: string][];
};

/**
 * Puts the runtime and what belongs to it into a boot.wim, in place: what is compressed stays as it is, and so does the
 * file's compression. Everything is checked before anything is written; the same inputs give the same bytes.
 *
 * Throws `BOOT_IMAGE_INVALID`, `IMAGE_NOT_FOUND`, `ARCHITECTURE_MISMATCH`, `RUNTIME_DLL_MISSING`,
 * `DRIVER_WRONG_ARCHITECTURE`, `SOURCE_INVALID`, `SOURCE_NOT_FOUND`, and what {@link WimFile} throws.
 */
export async function customiseBootImage(options: BootImageOptions, exec: Exec): Promise<BootImageReport> {
  const calls = options.signal === undefined ? {} : { signal: options.signal };
  const source = options.source ?? options.wim;
  using wim = await namedSource(options.wim, source, () => WimFile.open(options.wim, { write: true, ...calls }));
  const image = chooseBootImage(wim, source, options.index);
  const system32 = await readBootImage(wim, source, image, options.architecture);
  const { ours, files } = await checkAdditions(options);
  const present = new Set([...system32, ...system32Among(files)]);
  refuseMissingDlls(source, options.imports, present);
  const contents = await describeBootImage(wim, image, present);
  const folder = await mkdtemp(join(options.workspace, 'boot-image-'));
  try {
    const tree = new StagedTree(join(folder, 'root'));
    await stageAdditions(options, tree);
    await stageHive(options, { wim, source, index: image.index }, tree, exec);
    await tree.setTimes(options.identityTime);
    const renamed = await renameSetups(wim, image.index);
    await wim.addTree(image.index, tree.folder, '/', calls);
    if (wim.info.bootIndex === 0) wim.setBootIndex(image.index);
    const progress = options.onProgress === undefined ? {} : { onProgress: options.onProgress };
    await wim.overwrite({
      modified: options.identityTime,
      rebuild: options.rebuild ?? false,
      ...progress,
      ...calls,
    });
    return { ...contents, added: [...ours, ...files].sort().map(windowsPath), renamed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The hive's own name may be written in any case. */
async function stageHive(
  { scratchSpaceMiB }: BootImageOptions,
  { wim, source, index }: { wim: WimFile; source: string; index: number },
  tree: StagedTree,
  exec: Exec,
): Promise<void> {
  if (scratchSpaceMiB === undefined) return;
  const name = `${SYSTEM_HIVE} in ${source}`;
  if (!(await wim.exists(index, SYSTEM_HIVE))) throw withoutHive(source, name);
  const folder = `${tree.folder}.hive`;
  await wim.extractPaths(index, [SYSTEM_HIVE], folder, { flat: true });
  const [file = ''] = await readdir(folder);
  const hive = join(folder, file);
  await namedSource(hive, name, () => setScratchSpace(hive, scratchSpaceMiB, exec));
  await rename(hive, await tree.place(SYSTEM_HIVE));
}

function withoutHive(source: string, hive: string): MediasmithError {
  return new MediasmithError('BOOT_IMAGE_INVALID', `${source} has no SYSTEM hive, in which the scratch space is set`, {
    where: hive,
    hint: 'Leave scratchSpace out, or take another boot.wim.',
  });
}

async function renameSetups(wim: WimFile, index: number): Promise<[string, string][]> {
  const renamed: [string, string][] = [];
  for (const setup of SETUPS) {
    if (!(await wim.exists(index, setup))) continue;
    const kept = `${setup}.orig`;
    await wim.renamePath(index, setup, kept);
    renamed.push([windowsPath(setup), windowsPath(kept)]);
  }
  return renamed;
}

function system32Among(files: readonly string[]): string[] {
  const folder = `${SYSTEM32.toLowerCase()}/`;
  const lower = files.map((path) => path.toLowerCase());
  return lower.filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length));
}

function windowsPath(path: string): string {
  return `\\${path.replaceAll('/', '\\')}`;
}
