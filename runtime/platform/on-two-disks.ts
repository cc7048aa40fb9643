import { MediasmithError } from '../contract/errors.ts';

/** A prestaged medium that a factory has laid onto each disk of a machine: nobody can tell which one is to be deployed. */
export function onTwoDisks(...disks: readonly string[]): MediasmithError {
  return new MediasmithError('MEDIUM_NOT_FOUND', `the prestaged medium lies on ${disks.join(' and ')}`, {
    hint: 'Which disk is to be deployed is not guessed. Empty the other one, or take it out. Nothing was changed.',
  });
}
