import { filledVolumes } from '../sequence/analysis/filled-volumes.ts';
import type { Fill } from '../steps/context.ts';
import { imageToApply } from '../steps/target.ts';
import type { Runner } from './runner.ts';

/** What the steps behind the present one put onto the volumes that it lays out; nothing where it lays out none. */
export function fillsOf({ sequence, services, lastStep }: Runner): Fill[] {
  const { images } = services.medium.manifest;
  return filledVolumes(sequence)
    .filter(({ layout }) => layout === lastStep?.step)
    .map(({ image: name, imageIndex, kind, volume, sure, elsewhere }) => {
      const image = imageToApply(images, name, imageIndex);
      return { image, kind, volume, sure, elsewhere };
    });
}
