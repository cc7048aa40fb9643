import { basename, join } from 'node:path';
import { isMediasmithError, MediasmithError } from '../../runtime/contract/errors.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import { hashPlace, type Place, readPlace } from '../placed-content.ts';
import { arePrestagedImages } from '../prestaged-images.ts';
import { isWim } from '../sources/open-source.ts';
import type { SourceContext } from '../sources/source-tree.ts';
import { openWorkspace } from '../workspace.ts';
import { finder, type MediumFiles, notAMedium } from './medium-files.ts';

/** A file of one of the images. `offset`: where its content lies, unless it is compressed or in another part. */
type FileInWim = { path: string; image: number; bytes: number; offset?: number };

type Context = Pick<SourceContext, 'signal' | 'cacheFolder'>;

/**
 * The files of a prestaged WIM; undefined for everything else. Those of all images are together, as they are on the
 * disk that it is made for. libwim says where they lie, and they are read there; those that another program has
 * compressed are extracted when they are read, one at a time, into the cache. `MEDIUM_CORRUPT` for a WIM that is cut
 * short or contradicts itself.
 */
export async function wimFiles(path: string, context: Context): Promise<MediumFiles | undefined> {
  if (!(await isWim(path))) return undefined;
  const files = await list(path, context.signal).catch((error) => refuseDamage(path, error));
  return files && filesInWim(path, files, context);
}

async function list(path: string, signal: AbortSignal): Promise<FileInWim[] | undefined> {
  using wim = await WimFile.open(path, { signal });
  const images = wim.images();
  if (!arePrestagedImages(images.map(({ name }) => name))) return undefined;
  const files: FileInWim[] = [];
  for (const { index } of images) {
    const entries = await wim.listPaths(index, '/', { recursive: true, signal });
    for (const { directory, path: name, ...where } of entries)
      if (!directory) files.push({ ...where, path: name.slice(1), image: index });
  }
  return files.sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0));
}

/** Whatever else cannot be used is no medium of ours, and others say what it is. */
function refuseDamage(path: string, error: unknown): undefined {
  if (!isMediasmithError(error)) throw error;
  if (error.code === 'SOURCE_INVALID') return undefined;
  if (error.code !== 'IMAGE_CORRUPT') throw error;
  throw new MediasmithError('MEDIUM_CORRUPT', `${path} is damaged: ${error.message}`, {
    where: path,
    lines: error.lines,
    hint: 'Copy the file again, or build it again.',
    cause: error,
  });
}

function filesInWim(path: string, files: readonly FileInWim[], { signal, cacheFolder }: Context): MediumFiles {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const fileOf = (name: string): FileInWim => {
    const file = byPath.get(name);
    if (file === undefined) throw new Error(`${name} is not on ${path}`);
    return file;
  };
  const withPlace = async <T>(name: string, read: (place: Place) => Promise<T>): Promise<T> => {
    const file = fileOf(name);
    const place = placeIn(path, file);
    if (place !== undefined) return read(place);
    await using workspace = await openWorkspace(cacheFolder);
    using wim = await WimFile.open(path, { signal });
    await wim.extractPaths(file.image, [`/${name}`], workspace.folder, { flat: true, signal });
    return await read({ file: join(workspace.folder, basename(name)), parts: [{ offset: 0, bytes: file.bytes }] });
  };
  return {
    path,
    kind: 'wim',
    startsUnder: [],
    hiddenImages: [],
    files: files.map(({ path: name, bytes }) => ({ path: name, bytes })),
    find: finder(files),
    placeOf: (name) => {
      const place = placeIn(path, fileOf(name));
      if (place !== undefined) return place;
      throw notAMedium(path, 'is compressed', 'Apply its images into one folder and name that, or build it again.');
    },
    read: (name, limit) => withPlace(name, (place) => readPlace(place, limit)),
    hash: (name, options) => withPlace(name, (place) => hashPlace(place, options)),
  };
}

function placeIn(wim: string, { bytes, offset }: FileInWim): Place | undefined {
  if (bytes === 0) return { file: wim, parts: [] };
  return offset === undefined ? undefined : { file: wim, parts: [{ offset, bytes }] };
}
