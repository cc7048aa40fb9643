import { environmentOf } from '../contract/step.ts';
import { askedRestart } from '../sequence/analysis/asked-restart.ts';
import { splitByCondition } from '../sequence/analysis/where-condition.ts';
import { definitionOf, type Entry, isGroup } from '../sequence/schema.ts';
import type { Runner } from './runner.ts';

/**
 * Throws, before any step runs, where the sequence is sure to come to a restart that this machine cannot make. One under a
 * condition that asks for more than where the sequence is may be passed over: it fails when it is come to. What the journal
 * has decided stays decided: a group for the Windows that was there is none for the new one.
 */
export async function refuseImpossibleRestarts({ sequence, numbers, services }: Runner): Promise<void> {
  const { platform, medium, journal } = services;
  const here = environmentOf(platform.name);
  const mayBePassedOver = ({ condition }: Entry): boolean =>
    condition !== undefined && splitByCondition(condition, [platform.name]).mayNot.length > 0;
  const isAhead = (entry: Entry): boolean => {
    const number = numbers.entries.get(entry) ?? -1;
    if (!entry.enabled || mayBePassedOver(entry) || journal.memory.conditions.get(number) === false) return false;
    if (isGroup(entry)) return entry.steps.some(isAhead);
    if (entry.runIn !== 'any' && entry.runIn !== here) return false;
    if (journal.memory.ends.has(number)) return false;
    return definitionOf(entry).continuesIn(entry as never) === 'winpe' || askedRestart(entry) === 'winpe';
  };
  if (sequence.steps.some(isAhead)) await platform.refuseRestart?.({ into: 'winpe', medium });
}
