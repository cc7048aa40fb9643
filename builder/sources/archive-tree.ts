import { mkdir, rename, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { keepNewest } from '../cached-folder.ts';
import { hashBytes } from '../hash.ts';
import { identityOf } from '../source-memory.ts';
import { refuseWithoutSpace } from '../space.ts';
import { extractFromArchive, listArchive } from '../tools/seven-zip.ts';
import { openWorkspace } from '../workspace.ts';
import { type SourceContext, type SourceTree, sourceTree } from './source-tree.ts';

/** How often the size of what is being unpacked is looked at. */
const LOOK_MILLISECONDS = 500;
/** A Windows ISO leaves 5 GB here. */
const KEPT = 3;
/** Longer than a build reads what it has unpacked. */
const SPARED_SECONDS = 6 * 3600;

/**
 * The files inside a disc image or an archive. Nothing is unpacked but what is fetched; that lies in the cache for as long
 * as the image stays the same file, so that the next build need not unpack it again.
 */
export async function archiveTree(archive: string, context: SourceContext): Promise<SourceTree> {
  const { exec, signal } = context;
  const place = join(unpackedFolder(context), hashBytes(Buffer.from(`${archive} ${await identityOf(archive)}`)));
  const folder = join(place, 'files');
  const files = await listArchive(archive, exec, signal);
  refuseEscaping(archive, files);
  const sizes = new Map(files.map(({ path, bytes }) => [path, bytes]));
  return sourceTree(archive, files, folder, async (paths) => {
    const missing: string[] = [];
    for (const path of paths) if (!(await isWhole(join(folder, path), sizes.get(path) ?? 0))) missing.push(path);
    if (missing.length > 0) await unpack(archive, missing, folder, sizes, context);
    const now = new Date();
    await utimes(place, now, now);
  });
}

/** Removes what was unpacked from images that have not been used for longest; `inUse` of them are kept at least. */
export async function forgetUnpacked(context: SourceContext, inUse: number): Promise<void> {
  // What cannot be removed now is removed by another build: it is no reason to end this one.
  await keepNewest(unpackedFolder(context), Math.max(KEPT, inUse), SPARED_SECONDS).catch(() => undefined);
}

function unpackedFolder({ cacheFolder }: SourceContext): string {
  return join(cacheFolder, 'unpacked');
}

async function isWhole(file: string, bytes: number): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.size === bytes;
}

/** Into a scratch folder first: a file gets its place only when it is whole. */
async function unpack(
  archive: string,
  paths: readonly string[],
  folder: string,
  sizes: ReadonlyMap<string, number>,
  context: SourceContext,
): Promise<void> {
  const { exec, emit, signal } = context;
  const total = paths.reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0);
  await refuseWithoutSpace([{ folder, bytes: total }]);
  await mkdir(folder, { recursive: true });
  await using workspace = await openWorkspace(unpackedFolder(context));
  const scratch = workspace.folder;
  const watch = setInterval(async () => {
    const done = await sizeOf(paths.map((path) => join(scratch, path)));
    emit({ event: 'progress', title: `Unpacking from ${archive}`, done, total, unit: 'bytes' });
  }, LOOK_MILLISECONDS);
  try {
    const all = paths.length === sizes.size;
    await extractFromArchive({ archive, folder: scratch, ...(!all && { paths }) }, exec, signal);
    for (const path of paths) {
      if (!(await isWhole(join(scratch, path), sizes.get(path) ?? 0))) throw incomplete(archive, path);
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await rename(join(scratch, path), join(folder, path));
    }
  } finally {
    clearInterval(watch);
  }
}

async function sizeOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file).catch(() => undefined))?.size ?? 0));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

function incomplete(archive: string, path: string): MediasmithError {
  return new MediasmithError('SOURCE_INVALID', `${archive}: ${path} came out shorter than the image says`, {
    where: archive,
    hint: 'The image is not complete: copy it again and compare its SHA-256 with the published one.',
  });
}

/** An image is not ours: a name in it must not lead out of the folder it is unpacked into. */
function refuseEscaping(archive: string, files: readonly { path: string }[]): void {
  const bad = files.find(({ path }) => path.startsWith('/') || path.split('/').includes('..'));
  if (bad === undefined) return;
  throw new MediasmithError('SOURCE_INVALID', `${archive} has a file whose name leads out of it: ${bad.path}`, {
    where: archive,
    hint: 'It was not made by a usual program: do not use it.',
  });
}
