import { stat } from 'node:fs/promises';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { partPath } from '../../runtime/wim/split-parts.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import type { WimImage } from '../../runtime/wim/wim-image.ts';
import type { WimCompression } from '../../runtime/wim/wim-info.ts';
import type { ImageSource } from '../config/content-schema.ts';
import { fingerprintFile } from '../fingerprint.ts';
import { namedSource } from '../named-source.ts';
import type { SourceMemory } from '../source-memory.ts';
import { installImage } from '../sources/install-image.ts';
import type { SourceContext } from '../sources/source-tree.ts';

export type ResolveContext = SourceContext & {
  memory: SourceMemory;
  /** Read all data of every WIM, however large, unless it was found sound before. */
  verifySources: boolean;
};

/** One image the project chose, found in its file. `index` is its index there. */
export type ChosenImage = { name: string; index: number; image: WimImage };

/** A WIM the project takes images from. */
export type WimSource = {
  /** The file, or its first part: where it lies now, which for one inside an ISO is in the cache. */
  path: string;
  /** What the project calls it. */
  origin: string;
  /** All parts of a split WIM, in order; else the file itself. */
  parts: string[];
  /** The bytes of each part, in the same order. */
  partSizes: number[];
  bytes: number;
  fingerprint: string;
  compression: WimCompression;
  /** All of its data was read and found sound, now or before. */
  verified: boolean;
  /** Every image of it is wanted. */
  whole: boolean;
  chosen: ChosenImage[];
};

/** Up to this size a WIM's data is verified when it is first seen: it takes a few seconds and is done once. */
const VERIFY_UP_TO_BYTES = 1024 ** 3;

/** Opens what images are in, one source after another. */
export async function resolveImages(images: readonly ImageSource[], context: ResolveContext): Promise<WimSource[]> {
  const wims: WimSource[] = [];
  for (const [origin, wanted] of Map.groupBy(images, ({ source }) => source))
    wims.push(await resolveWim(origin, wanted, context));
  return wims;
}

async function resolveWim(origin: string, images: readonly ImageSource[], context: ResolveContext): Promise<WimSource> {
  const { file, name } = await installImage(origin, context);
  return await namedSource(file, name, () => lookAtWim(file, origin, images, context));
}

async function lookAtWim(
  path: string,
  origin: string,
  images: readonly ImageSource[],
  context: ResolveContext,
): Promise<WimSource> {
  using wim = await WimFile.open(path, { signal: context.signal });
  const there = wim.images();
  const chosen = images.map(({ name, image }) => ({ name, ...findImage(origin, there, image) }));
  // Reading the tree of an image reads its metadata: an index that cannot be read is found now and not at the target.
  for (const { index } of chosen) await wim.listPaths(index, '/');
  const { totalParts, compression } = wim.info;
  const parts = Array.from({ length: totalParts }, (_, index) => (index === 0 ? path : partPath(path, index + 1)));
  const sizes = await Promise.all(parts.map(async (part) => (await stat(part)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const verified = await verifyWim(wim, path, bytes, context);
  const fingerprints = await Promise.all(parts.map(fingerprintFile));
  return {
    path,
    origin,
    parts,
    partSizes: sizes,
    bytes,
    fingerprint: fingerprints.join(' '),
    compression,
    verified,
    whole: new Set(chosen.map(({ index }) => index)).size === there.length,
    chosen,
  };
}

/** By index, by name, by the name shown to people, or by an edition only one image has; letters in either case. */
export function findImage(
  path: string,
  there: readonly WimImage[],
  wanted: number | string,
): { index: number; image: WimImage } {
  const found = typeof wanted === 'number' ? there.find(({ index }) => index === wanted) : findNamed(there, wanted);
  if (found !== undefined) return { index: found.index, image: found };
  throw new MediasmithError(
    'IMAGE_NOT_FOUND',
    `${path} has no image ${typeof wanted === 'number' ? wanted : `named "${wanted}"`}`,
    {
      where: path,
      lines: there.map(
        ({ index, name, windows }) =>
          `${index}  ${name || '(no name)'}${windows?.edition ? ` (edition ${windows.edition})` : ''}`,
      ),
      hint: 'Name one of these, or give its index.',
    },
  );
}

function findNamed(there: readonly WimImage[], wanted: string): WimImage | undefined {
  const same = (text: string | undefined) => text?.toLowerCase() === wanted.toLowerCase();
  const editions = there.filter(({ windows }) => same(windows?.edition));
  return (
    there.find(({ name }) => name === wanted) ??
    there.find(({ name }) => same(name)) ??
    there.find(({ displayName }) => same(displayName)) ??
    (editions.length === 1 ? editions[0] : undefined)
  );
}

/**
 * Reads and verifies all data of a WIM that was not found sound before; a large one only with `verifySources`. Whether it
 * is known to be sound then. Throws `IMAGE_CORRUPT`.
 */
export async function verifyWim(
  wim: WimFile,
  path: string,
  bytes: number,
  { memory, verifySources, emit, signal }: ResolveContext,
): Promise<boolean> {
  const source = await memory.lookAt(path);
  if (source.facts.sound === true) return true;
  if (bytes > VERIFY_UP_TO_BYTES && !verifySources) return false;
  await wim.verify({
    signal,
    onProgress: ({ doneBytes, totalBytes }) =>
      emit({ event: 'progress', title: `Verifying ${path}`, done: doneBytes, total: totalBytes, unit: 'bytes' }),
  });
  await source.refuseChanged();
  await source.remember({ sound: true });
  return true;
}
