import { MediasmithError } from '../contract/errors.ts';
import { definitionOf, type Step } from '../sequence/schema.ts';

const CUT = 'the machine was cut off in the middle of this step';

/**
 * Whether a step that may not simply be repeated is tried again by itself after so many cuts, one after the other: what to
 * say of it then, else `STEP_INTERRUPTED`.
 */
export function retryAfterCut(step: Step, cuts: number): string {
  const retries = definitionOf(step).retriesAfterCut(step as never);
  if (cuts <= retries) return `${CUT}: it is tried again, ${cuts} of at most ${times(retries)}`;
  const often = retries === 0 ? CUT : `${CUT} ${times(cuts)}, and it was to be tried again ${times(retries)}`;
  throw new MediasmithError('STEP_INTERRUPTED', often, {
    hint: 'Nobody can tell how far it came, and nobody was there to ask. Set continueOnError where that does no harm.',
  });
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
