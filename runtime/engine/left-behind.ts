import { MediasmithError } from '../contract/errors.ts';
import { environmentOf } from '../contract/step.ts';
import { decidedByVariables } from '../sequence/analysis/decided-by-variables.ts';
import { splitByCondition } from '../sequence/analysis/where-condition.ts';
import { type Entry, isGroup, type Step, titleOf } from '../sequence/schema.ts';
import type { Restart, Runner } from './runner.ts';

/**
 * Why a restart out of the boot environment, which nothing takes the sequence along, is no end: steps are left to do. Of
 * a sequence that may start anywhere those that only the running Windows comes to are for another start.
 */
export function leftBehind({ into, carriesOver }: Pick<Restart, 'into' | 'carriesOver'>, runner: Runner) {
  const { platform } = runner.services;
  if (into !== 'full-os' || carriesOver || environmentOf(platform.name) !== 'winpe') return undefined;
  const [first, ...others] = stepsLeft(runner);
  if (first === undefined) return undefined;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return new MediasmithError(
    'SEQUENCE_INVALID',
    `a restart into the installed Windows was asked for, which knows nothing of this sequence: "${titleOf(first)}"${more} would never run`,
    {
      hint: 'Use setup-windows, which takes the sequence along, before the restart; or put the restart last.',
    },
  );
}

/** The enabled steps behind the last one that may have their turn; that one too where it is to run again. */
function stepsLeft({ sequence, services, numbers, lastStep }: Runner): Step[] {
  const { journal, platform, variables } = services;
  const last = lastStep?.entry ?? -1;
  const places = sequence.startsIn === 'any' ? [platform.name] : [platform.name, 'windows' as const];
  const isAhead = (entry: Entry): Step[] => {
    if (!entry.enabled) return [];
    if (entry.condition !== undefined && splitByCondition(entry.condition, places).may.length === 0) return [];
    // Nothing runs before the first of them, so a variable of the sequence is what it will be.
    if (entry.condition !== undefined && decidedByVariables(entry.condition, variables) === false) return [];
    if (isGroup(entry)) return entry.steps.flatMap(isAhead);
    const number = numbers.entries.get(entry) ?? -1;
    if (number < last || journal.memory.ends.has(number)) return [];
    return entry.runIn === 'any' || places.some((place) => environmentOf(place) === entry.runIn) ? [entry] : [];
  };
  return sequence.steps.flatMap(isAhead);
}
