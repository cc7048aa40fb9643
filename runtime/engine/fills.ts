import { type FilledVolume, filledVolumes } from '../sequence/analysis/filled-volumes.ts';
import type { Fill } from '../steps/context.ts';
import { imageToApply } from '../steps/target.ts';
import { variableOptions } from './options-of.ts';
import type { Runner } from './runner.ts';

/** What the steps behind the present one put onto the volumes that it lays out; nothing where it lays out none. */
export function fillsOf(runner: Runner): Fill[] {
  return filledVolumes(runner.sequence)
    .filter(({ layout }) => layout === runner.lastStep?.step)
    .flatMap((filled) => fillOf(filled, runner) ?? []);
}

/**
 * Undefined for an image that nobody knows yet, and for one that is not there, of a step that may be left out: it fails
 * when it is come to.
 */
function fillOf({ step, chosenLater, ...fill }: FilledVolume, { services }: Runner): Fill | undefined {
  const { kind, volume, sure, elsewhere } = fill;
  const { imageIndex } = { ...step, ...variableOptions(step, services.variables) };
  if (chosenLater || (imageIndex !== undefined && !Number.isInteger(imageIndex))) return undefined;
  try {
    const image = imageToApply(services.medium.manifest.images, step.image, imageIndex);
    return { image, kind, volume, sure, elsewhere };
  } catch (error) {
    if (sure) throw error;
    return undefined;
  }
}
