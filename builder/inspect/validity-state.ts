import type { Validity } from '../../runtime/contract/manifest.ts';

/** Whether a medium may be used at that moment. */
export type ValidityState = 'valid' | 'not-yet' | 'expired';

export function validityState({ from, until }: Validity, now: Date): ValidityState {
  if (from !== undefined && now < new Date(from)) return 'not-yet';
  return until !== undefined && now > new Date(until) ? 'expired' : 'valid';
}
