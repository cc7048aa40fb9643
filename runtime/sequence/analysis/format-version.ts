import { z } from 'zod';
import { AnySequence } from '../versions.ts';

/** The newest version this program reads. */
const NEWEST = 2;

/** A sequence in any version that this program knows; one of a later version is named as such. */
export const NewestOrOlder = z.preprocess((input, context) => {
  const version = (input as { formatVersion?: unknown } | null)?.formatVersion;
  if (typeof version !== 'number' || !Number.isInteger(version) || version <= NEWEST) return input;
  context.addIssue({
    code: 'custom',
    path: ['formatVersion'],
    message: `${version} is newer than what this Mediasmith reads, which is ${NEWEST}`,
    params: { hint: `Use the Mediasmith it was written for, or write it as formatVersion ${NEWEST}.` },
  });
  return z.NEVER;
}, AnySequence);
