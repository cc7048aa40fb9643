import { MediasmithError } from '../contract/errors.ts';
import type { Environment } from '../contract/step.ts';
import type { Condition } from './condition.ts';
import { definitionOf, type Entry, type Group, isGroup, type Sequence, type Step, titleOf } from './schema.ts';

/** Steps and groups of a sequence with all its children in their places: more than this is a bomb. */
const MOST_ENTRIES = 100_000;

/**
 * The sequence with its child sequences in their places, each a group with the name of the step that runs it: the child
 * shares the variables and the fate of its parent, as in ConfigMgr. `SEQUENCE_INVALID` for one that is missing, calls
 * itself, however far around, or grows beyond reason.
 */
export function inlineChildren(sequence: Sequence, lookUp: (id: string) => Sequence | undefined): Sequence {
  let entries = 0;
  const inline = (list: readonly Entry[], callers: readonly string[]): Entry[] =>
    list.map((entry) => {
      if (++entries > MOST_ENTRIES) throw invalid(`with its children it has more than ${MOST_ENTRIES} steps`, callers);
      if (isGroup(entry)) return { ...entry, steps: inline(entry.steps, callers) };
      const id = definitionOf(entry).child(entry as never);
      if (id === undefined || !entry.enabled) return entry;
      if (callers.includes(id)) throw invalid(`it calls itself: ${[...callers, id].join(' > ')}`, callers);
      const child = lookUp(id);
      if (child === undefined) throw invalid(`"${titleOf(entry)}" runs sequence "${id}", which is not there`, callers);
      return asGroup(entry, inline(child.steps, [...callers, id]));
    });
  return { ...sequence, steps: inline(sequence.steps, [sequence.id]) };
}

/** The group that a child has become. No document has such: what its step says of retries and time is for all of it. */
export type InlinedChild = Group & Partial<Pick<Step, 'retry' | 'timeoutSeconds'>>;

function asGroup(step: Step, steps: Entry[]): InlinedChild {
  const { description, enabled, continueOnError, condition, runIn, retry, timeoutSeconds } = step;
  const all = [runIn === 'any' ? undefined : runsIn(runIn), condition].filter((part) => part !== undefined);
  return {
    group: titleOf(step),
    enabled,
    continueOnError,
    steps,
    ...(description !== undefined && { description }),
    ...(retry !== undefined && { retry }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(all.length > 0 && { condition: all.length === 1 ? all[0] : { all } }),
  } as InlinedChild;
}

function runsIn(environment: Environment): Condition {
  return { variable: '_SMSTSInWinPE', value: String(environment === 'winpe'), compare: 'text' };
}

function invalid(message: string, callers: readonly string[]): MediasmithError {
  return new MediasmithError('SEQUENCE_INVALID', `sequence "${callers[0]}": ${message}`);
}
