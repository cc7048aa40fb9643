import type { Manifest, ManifestImage } from '../contract/manifest.ts';
import { definitionOf, type Sequence } from '../sequence/schema.ts';
import { numberSteps } from './number-steps.ts';

/** The files of the medium that the steps of a sequence may take something from; of a split one its first part. Pure. */
export function neededFiles({ steps }: Sequence, { images, packages }: Manifest): ReadonlySet<string> {
  const needs = [...numberSteps(steps).keys()].map((step) => definitionOf(step).needs(step as never));
  return new Set([
    ...filesOf(
      images,
      needs.flatMap((need) => need.images ?? []),
    ),
    ...filesOf(
      packages,
      needs.flatMap((need) => need.packages ?? []),
    ),
  ]);
}

/** A name that only a variable will tell may be any. */
function filesOf(list: readonly ManifestImage[], names: readonly string[]): string[] {
  const known = names.every((wanted) => list.some(({ name }) => name === wanted));
  return list.filter(({ name }) => !known || names.includes(name)).map(({ file }) => file);
}
