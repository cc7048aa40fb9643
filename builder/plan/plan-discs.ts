import { isMediasmithError } from '../../runtime/contract/errors.ts';
import { parseMakersSize } from '../../runtime/contract/size.ts';
import { partPath } from '../../runtime/wim/split-parts.ts';
import { discPath } from '../discs/disc-names.ts';
import { type Disc, type FileToPlace, placeOnDiscs } from '../discs/place-on-discs.ts';
import { outputFile, type Variant } from '../output-files.ts';
import type { ResolvedProject } from '../resolve/resolved-project.ts';
import type { PlannedWim } from './plan-wims.ts';
import type { PlannedFile } from './planned-file.ts';

/** Manifest, its digest and signature, the labels: on every disc. */
const EVERYWHERE_BYTES = 1024 ** 2;

/** A disc of a set as the plan tells of it. */
export type PlannedDisc = Disc & { path: string };

/** For each ISO that becomes a set its discs, and a line for each of which that cannot be said yet. */
export function planDiscSets(
  { project }: ResolvedProject,
  {
    variants,
    files,
    wims,
  }: { variants: readonly Variant[]; files: readonly PlannedFile[]; wims: readonly PlannedWim[] },
): { discSets: PlannedDisc[][]; unsure: string[] } {
  const discSets: PlannedDisc[][] = [];
  const unsure: string[] = [];
  for (const output of project.outputs) {
    const { mediaSize } = output;
    if (mediaSize === undefined) continue;
    for (const variant of variants) {
      const path = outputFile(output, variant, project);
      const discs = planDiscs(path, parseMakersSize(mediaSize), files, wims);
      if (discs === undefined) unsure.push(`${path}: whether discs of ${mediaSize} hold it shows when it is made`);
      else if (discs.length > 0) discSets.push(discs);
    }
  }
  return { discSets, unsure };
}

/**
 * The discs an ISO becomes, by the plan's sizes; none for one that fits on one disc, undefined where only what is still to
 * be made shows whether it fits. `FILE_TOO_LARGE` for what fits on no disc however small the rest becomes.
 */
function planDiscs(
  iso: string,
  discBytes: number,
  files: readonly PlannedFile[],
  wims: readonly PlannedWim[],
): PlannedDisc[] | undefined {
  const place = (placed: readonly PlannedFile[]): Disc[] =>
    placeOnDiscs(
      placed.flatMap((file) => partsOf(file, wims)),
      discBytes,
      EVERYWHERE_BYTES,
    );
  let discs: Disc[];
  try {
    discs = place(files);
  } catch (error) {
    if (!isMediasmithError(error) || error.code !== 'FILE_TOO_LARGE') throw error;
    place(files.filter(({ how }) => how === 'in place'));
    return undefined;
  }
  return discs.length === 1 ? [] : discs.map((disc, index) => ({ path: discPath(iso, index + 1), ...disc }));
}

/** The parts a WIM has, or near enough those it will have: how it can be divided shows only when that is done. */
function partsOf(file: PlannedFile, wims: readonly PlannedWim[]): FileToPlace[] {
  const { path, bytes, partBytes: most, partSizes } = file;
  if (partSizes !== undefined)
    return partSizes.map((size, index) => ({ path: index === 0 ? path : partPath(path, index + 1), bytes: size }));
  const wim = wims.find((candidate) => candidate.path === path);
  const partBytes = wim === undefined ? most : wim.split ? wim.partBytes : undefined;
  if (partBytes === undefined || partBytes >= bytes) return [{ path, bytes }];
  return Array.from({ length: Math.ceil(bytes / partBytes) }, (_, index) => ({
    path: index === 0 ? path : partPath(path, index + 1),
    bytes: Math.min(partBytes, bytes - index * partBytes),
  }));
}
