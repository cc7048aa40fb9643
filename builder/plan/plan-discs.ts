import { partPath } from '../../runtime/wim/split-parts.ts';
import { discPath } from '../discs/disc-names.ts';
import { type Disc, type FileToPlace, placeOnDiscs } from '../discs/place-on-discs.ts';
import type { PlannedWim } from './plan-wims.ts';
import type { PlannedFile } from './planned-file.ts';

/** Manifest, its digest and signature, the labels: on every disc. */
const EVERYWHERE_BYTES = 1024 ** 2;

/** A disc of a set as the plan tells of it. */
export type PlannedDisc = Disc & { path: string };

/** The discs an ISO becomes, by the plan's sizes; nothing for one that fits on one disc. */
export function planDiscs(
  iso: string,
  discBytes: number,
  files: readonly PlannedFile[],
  wims: readonly PlannedWim[],
): PlannedDisc[] {
  const discs = placeOnDiscs(
    files.flatMap((file) => partsOf(file, wims)),
    discBytes,
    EVERYWHERE_BYTES,
  );
  return discs.length === 1 ? [] : discs.map((disc, index) => ({ path: discPath(iso, index + 1), ...disc }));
}

/** The parts a WIM will have, near enough: how it can be divided shows only when that is done. */
function partsOf({ path, bytes, partBytes: most }: PlannedFile, wims: readonly PlannedWim[]): FileToPlace[] {
  const wim = wims.find((candidate) => candidate.path === path);
  const partBytes = wim === undefined ? most : partBytesOf(wim);
  if (partBytes === undefined || partBytes >= bytes) return [{ path, bytes }];
  return Array.from({ length: Math.ceil(bytes / partBytes) }, (_, index) => ({
    path: index === 0 ? path : partPath(path, index + 1),
    bytes: Math.min(partBytes, bytes - index * partBytes),
  }));
}

function partBytesOf({ split, partBytes, how, source }: PlannedWim): number | undefined {
  if (split) return partBytes;
  return how === 'in place' && source.parts.length > 1 ? Math.ceil(source.bytes / source.parts.length) : undefined;
}
