import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MediasmithError } from '../runtime/contract/errors.ts';
import type { Emit } from '../runtime/contract/events.ts';
import { WimFile } from '../runtime/wim/wim-file.ts';
import type { WimImage } from '../runtime/wim/wim-image.ts';
import type { MediaProject } from './config/load.ts';
import type { ImageSource } from './config/schema.ts';
import { fingerprintFile } from './fingerprint.ts';
import { leaves } from './leaves.ts';
import { type PackageFolder, readPackageFolder } from './package-folder.ts';
import type { SourceMemory } from './source-memory.ts';

/** One image the project chose, found in its file. `index` is its index there. */
export type ChosenImage = { name: string; index: number; image: WimImage };

/** A WIM the project takes images from. In place: every image of it is wanted, so the file goes onto the medium as it is. */
export type WimSource = { path: string; bytes: number; fingerprint: string; inPlace: boolean; chosen: ChosenImage[] };

/** A project with what its sources say: indexes, sizes, fingerprints. Nothing has been written. */
export type ResolvedProject = { project: MediaProject; wims: WimSource[]; packages: PackageFolder[] };

export type ResolveOptions = {
  memory: SourceMemory;
  /** Read all data of every WIM, however large, unless it was found sound before. */
  verifySources: boolean;
  emit: Emit;
  signal: AbortSignal;
};

/** Up to this size a WIM's data is verified when it is first seen: it takes a few seconds and is done once. */
const VERIFY_UP_TO_BYTES = 1024 ** 3;

/** Opens every source. Throws for the first that is missing, damaged or does not have what is asked of it. */
export async function resolveProject(project: MediaProject, options: ResolveOptions): Promise<ResolvedProject> {
  await refuseOutputs(project);
  const bySource = Map.groupBy(project.images, ({ source }) => source);
  const wims: WimSource[] = [];
  for (const [path, images] of bySource) wims.push(await resolveWim(path, images, options));
  const packages: PackageFolder[] = [];
  for (const { name, source } of project.packages) packages.push(await readPackageFolder(name, source));

  return { project, wims, packages };
}

async function resolveWim(path: string, images: readonly ImageSource[], options: ResolveOptions): Promise<WimSource> {
  using wim = await WimFile.open(path, { signal: options.signal });
  if (wim.info.totalParts > 1) {
    throw new MediasmithError('SOURCE_INVALID', `${path} is one part of a split WIM`, {
      where: path,
      hint: 'Join the parts first: wimlib-imagex join WHOLE.wim PART1.swm PART2.swm ...',
    });
  }
  const there = wim.images();
  const chosen = images.map(({ name, image }) => ({ name, ...findImage(path, there, image) }));
  // Reading the tree of an image reads its metadata: an index that cannot be read is found now and not at the target.
  for (const { index } of chosen) await wim.listPaths(index, '/');
  const { size } = await stat(path);
  await verifyWim(wim, path, size, options);
  const inPlace = new Set(chosen.map(({ index }) => index)).size === there.length;
  return { path, bytes: size, fingerprint: await fingerprintFile(path), inPlace, chosen };
}

function findImage(
  path: string,
  there: readonly WimImage[],
  wanted: number | string,
): { index: number; image: WimImage } {
  const found =
    typeof wanted === 'number'
      ? there.find(({ index }) => index === wanted)
      : (there.find(({ name }) => name === wanted) ??
        there.find(({ name }) => name.toLowerCase() === wanted.toLowerCase()));
  if (found !== undefined) return { index: found.index, image: found };
  throw new MediasmithError(
    'IMAGE_NOT_FOUND',
    `${path} has no image ${typeof wanted === 'number' ? wanted : `named "${wanted}"`}`,
    {
      where: path,
      lines: there.map(({ index, name }) => `${index}  ${name || '(no name)'}`),
      hint: 'Name one of these, or give its index.',
    },
  );
}

async function verifyWim(
  wim: WimFile,
  path: string,
  bytes: number,
  { memory, verifySources, emit, signal }: ResolveOptions,
): Promise<void> {
  if (bytes > VERIFY_UP_TO_BYTES && !verifySources) return;
  const source = await memory.lookAt(path);
  if (source.facts.sound === true) return;
  await wim.verify({
    signal,
    onProgress: ({ doneBytes, totalBytes }) =>
      emit({ event: 'progress', title: `Verifying ${path}`, done: doneBytes, total: totalBytes, unit: 'bytes' }),
  });
  await source.refuseChanged();
  await source.remember({ sound: true });
}

/** Compared as the file system sees them: a link to a source is the source. */
async function refuseOutputs({ outputs, packages, images, sequences, file }: MediaProject): Promise<void> {
  const files = [...images.map(({ source }) => source), ...sequences.map((sequence) => sequence.file), file];
  const sources = await Promise.all(files.map(realPath));
  const folders = await Promise.all(packages.map(({ source }) => realPath(source)));
  const seen = new Set<string>();
  for (const { iso } of outputs) {
    const output = join(await realPath(dirname(iso)), basename(iso));
    const inside = folders.find((folder) => !leaves(folder, output)) ?? sources.find((source) => source === output);
    if (inside !== undefined) {
      throw new MediasmithError('OUTPUT_INSIDE_SOURCE', `the output ${iso} lies inside the source ${inside}`, {
        where: iso,
        hint: 'Write it somewhere else: a source is never changed by a build.',
      });
    }
    await refuseUnwritable(iso, seen.has(output));
    seen.add(output);
  }
}

async function refuseUnwritable(iso: string, twice: boolean): Promise<void> {
  const there = await stat(iso).catch(() => undefined);
  const reason = twice
    ? 'another output is written to the same file'
    : there?.isDirectory()
      ? 'it is a folder'
      : undefined;
  if (reason === undefined) return;
  throw new MediasmithError('PROJECT_INVALID', `the output ${iso} cannot be written: ${reason}`, { where: iso });
}

/** The real path of what is there; of the rest of a path that is not there yet, the text. */
async function realPath(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined || dirname(path) === path) return real ?? path;
  return join(await realPath(dirname(path)), basename(path));
}
