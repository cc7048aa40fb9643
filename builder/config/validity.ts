import type { Validity } from '../../runtime/contract/manifest.ts';
import type { ValidityOptions } from './media-options.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** When a medium may be used, as instants: a day begins at midnight UTC, and as the last one it counts to its end. */
export function validityOf({ from, until }: ValidityOptions): Validity {
  return {
    ...(from !== undefined && { from: new Date(from).toISOString() }),
    ...(until !== undefined && { until: new Date(DAY.test(until) ? `${until}T23:59:59.999Z` : until).toISOString() }),
  };
}
