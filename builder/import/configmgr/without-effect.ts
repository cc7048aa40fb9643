import { describeWithoutEffect, withoutEffect } from '../../../runtime/sequence/analysis/without-effect.ts';
import type { Notes } from '../mapping.ts';

/** Says in the report where setting a variable changes nothing here. */
export function nameWithoutEffect(name: string, { changed }: Pick<Notes, 'changed'>): void {
  const found = withoutEffect(name);
  if (found !== undefined) changed(describeWithoutEffect(name, found));
}
