import { definitionOf, type Sequence, titleOf } from '../schema.ts';
import { enabledPlaces, stepsOf } from './places.ts';

/** A step that removes what is on a volume which the sequence has not laid out, and that volume in words. */
export type Wipe = { step: string; volume: string };

/** No mistake, and yet what nobody should learn from an empty volume. */
export function wipesOf({ steps }: Sequence): Wipe[] {
  return stepsOf(enabledPlaces(steps)).flatMap(({ entry }) => {
    const volume = definitionOf(entry).wipes(entry as never);
    return volume === undefined ? [] : [{ step: titleOf(entry), volume }];
  });
}
