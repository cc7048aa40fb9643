import type { Manifest } from '../contract/manifest.ts';
import type { Journal } from './journal/journal.ts';
import type { Memory } from './journal/memory.ts';
import { sealFor } from './open-journal.ts';

/** Where the journal keeps what opens a sealed medium. No variable of the sequence: no step and no result ever sees it. */
export const IDENTITY_VARIABLE = '_MediasmithIdentity';

/** So that the next start of this run does not ask for the password. Who has the medium and this disk does not need it. */
export function keepIdentity(journal: Journal, identity: string | undefined): void {
  if (identity !== undefined) journal.recordVariable({ name: IDENTITY_VARIABLE, value: identity, secret: true });
}

/** Undefined where none was kept, or it cannot be read. */
export function keptIdentity({ begin, variables }: Memory, manifest: Manifest): string | undefined {
  const kept = variables.get(IDENTITY_VARIABLE.toLowerCase());
  if (kept?.sealed !== true) return undefined;
  try {
    return sealFor(manifest, begin.run).open(kept.value);
  } catch {
    return undefined;
  }
}
