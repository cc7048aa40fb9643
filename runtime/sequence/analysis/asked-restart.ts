import type { Environment } from '../../contract/step.ts';
import { definitionOf, type Step } from '../schema.ts';

/**
 * The restart that a step asks for by `SMSTSRebootRequested`, as far as its text says: `here` leads back to where it is,
 * `unknown` may lead anywhere. Undefined where it asks for none.
 */
export function askedRestart(step: Step): Environment | 'here' | 'unknown' | undefined {
  const asks = definitionOf(step)
    .sets(step as never)
    .some((name) => name.toLowerCase() === 'smstsrebootrequested');
  if (!asks) return undefined;
  return step.step === 'set-variable' && !step.value.includes('%') ? restartVariable(step.value) : 'unknown';
}

/** ConfigMgr's `SMSTSRebootRequested`: HD, WinPE, or true for where it is. Undefined: no restart. */
export function restartVariable(value: string | undefined): Environment | 'here' | undefined {
  if (value === undefined || value === '' || /^false$/i.test(value)) return undefined;
  if (/^hd$/i.test(value)) return 'full-os';
  return /^winpe$/i.test(value) ? 'winpe' : 'here';
}
