import { MediasmithError } from '../../../runtime/contract/errors.ts';

/** The volume is an exFAT one, and what it says of itself cannot be true. */
export function corrupt(what: string): MediasmithError {
  return new MediasmithError('MEDIUM_CORRUPT', `the exFAT volume contradicts itself: ${what}`, {
    hint: 'Check it with chkdsk or fsck.exfat, or write the stick anew.',
  });
}

/** There is no exFAT volume, or none of a kind that is known here. */
export function notExfat(why: string): MediasmithError {
  return new MediasmithError('MEDIUM_INVALID', `no exFAT volume: ${why}`, {
    hint: 'Name a stick that was made by mediasmith, or write this one anew.',
  });
}
