import { mkdir, rename, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { copyPlace, type Place } from '../placed-content.ts';
import { refuseWithoutSpace } from '../space.ts';
import { type Archive, type ArchiveFile, extractFromArchive } from '../tools/seven-zip.ts';
import { openWorkspace } from '../workspace.ts';
import { placesInImage } from './iso/places-in-image.ts';
import type { SourceContext } from './source-tree.ts';

/** How often the size of what is being unpacked is looked at. */
const LOOK_MILLISECONDS = 500;
/** 7-Zip takes a file in small pieces, which takes up to twice as long as copying. Small files are not worth a look. */
const LARGE_BYTES = 16 * 1024 * 1024;

/**
 * Takes files out of an archive into `folder`. A large one of a disc image is copied where its place in the image is known,
 * all else is unpacked. It happens in a scratch folder below `scratchParent`: a file gets its name only when it is whole.
 */
export async function unpack(
  { archive, listing, files }: { archive: string; listing: Archive; files: readonly ArchiveFile[] },
  { folder, scratchParent }: { folder: string; scratchParent: string },
  context: SourceContext,
): Promise<void> {
  const { exec, emit, signal } = context;
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  await refuseWithoutSpace([{ folder, bytes: total }]);
  await mkdir(folder, { recursive: true });
  await using workspace = await openWorkspace(scratchParent);
  const scratch = workspace.folder;
  const watch = setInterval(async () => {
    const done = await sizeOf(files.map(({ path }) => join(scratch, path)));
    emit({ event: 'progress', title: `Unpacking from ${archive}`, done, total, unit: 'bytes' });
  }, LOOK_MILLISECONDS);
  try {
    const large = files.filter(({ bytes }) => bytes >= LARGE_BYTES);
    const places = await placesInImage(archive, listing, large, { exec, signal });
    for (const file of files) {
      const place = places.get(file.path);
      if (place !== undefined) await copyOut(place, file, scratch, signal);
    }
    const paths = files.flatMap(({ path }) => (places.has(path) ? [] : [path]));
    const all = paths.length === listing.files.length;
    if (paths.length > 0) await extractFromArchive({ archive, folder: scratch, ...(!all && { paths }) }, exec, signal);
    for (const { path, bytes } of files) {
      if (!(await isWhole(join(scratch, path), bytes))) throw incomplete(archive, path);
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await rename(join(scratch, path), join(folder, path));
    }
  } finally {
    clearInterval(watch);
  }
}

export async function isWhole(file: string, bytes: number): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.size === bytes;
}

/** With the time that 7-Zip would give it: it goes into what is made of the file. */
async function copyOut(
  place: Place,
  { path, modified }: ArchiveFile,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  try {
    await copyPlace(place, file, { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw notCopied(place.file, path, cause);
  }
  if (modified !== undefined) await utimes(file, modified, modified);
}

async function sizeOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file).catch(() => undefined))?.size ?? 0));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

function notCopied(archive: string, path: string, cause: unknown): MediasmithError {
  const isFull = cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
  const why = cause instanceof Error ? cause.message : String(cause);
  if (isFull) {
    return new MediasmithError('NO_SPACE', `${path} of ${archive} does not fit where it is unpacked`, {
      where: archive,
      hint: 'Free some space in the cache.',
      cause,
    });
  }
  return new MediasmithError('SOURCE_INVALID', `${archive}: ${path} cannot be copied out of it: ${why}`, {
    where: archive,
    hint: 'Copy the image again and compare its SHA-256 with the published one.',
    cause,
  });
}

function incomplete(archive: string, path: string): MediasmithError {
  return new MediasmithError('SOURCE_INVALID', `${archive}: ${path} came out shorter than the image says`, {
    where: archive,
    hint: 'The image is not complete: copy it again and compare its SHA-256 with the published one.',
  });
}
