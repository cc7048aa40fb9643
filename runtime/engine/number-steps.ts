import { type Entry, isGroup, type Step } from '../sequence/schema.ts';

/** The enabled steps of a sequence, each with its number from 1 in the order in which they stand. */
export function numberSteps(entries: readonly Entry[]): Map<Step, number> {
  const numbers = new Map<Step, number>();
  const visit = (list: readonly Entry[]): void => {
    for (const entry of list) {
      if (!entry.enabled) continue;
      if (isGroup(entry)) visit(entry.steps);
      else numbers.set(entry, numbers.size + 1);
    }
  };
  visit(entries);
  return numbers;
}
