import { MediasmithError } from '../contract/errors.ts';

const ANYWHERE = /%[A-Za-z_][\w-]*%/;
const ALONE = /^%[A-Za-z_][\w-]*%$/;

/**
 * Refuses texts that still name a variable: an unset one stays in a text as it stands, and Windows would take it for the
 * name of the computer. A password may hold such a text, but be none alone.
 */
export function refuseUnset(texts: Readonly<Record<string, unknown>>): void {
  const unset = Object.entries(texts).filter(
    ([field, value]) => typeof value === 'string' && (field === 'password' ? ALONE : ANYWHERE).test(value),
  );
  if (unset.length === 0) return;
  throw new MediasmithError('STEP_FAILED', 'a variable is used that nothing has set', {
    lines: unset.map(([field, value]) => `${field}: ${String(value)}`),
    hint: 'Set it with a set-variable step before this one. Nothing was written.',
  });
}
