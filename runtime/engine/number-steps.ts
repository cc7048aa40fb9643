import { type Entry, isGroup, type Step } from '../sequence/schema.ts';

/** Where everything stands in a sequence. */
export type Numbers = {
  /** The enabled steps, each with its number from 1, as a person counts them. */
  steps: ReadonlyMap<Step, number>;
  /** Every step and group, disabled ones too, from 0: what a journal calls them. */
  entries: ReadonlyMap<Entry, number>;
};

export function numberSteps(sequence: readonly Entry[]): Numbers {
  const steps = new Map<Step, number>();
  const entries = new Map<Entry, number>();
  const visit = (list: readonly Entry[], enabled: boolean): void => {
    for (const entry of list) {
      entries.set(entry, entries.size);
      const runs = enabled && entry.enabled;
      if (isGroup(entry)) visit(entry.steps, runs);
      else if (runs) steps.set(entry, steps.size + 1);
    }
  };
  visit(sequence, true);
  return { steps, entries };
}

/** Every entry as an object of its own: an alias in a YAML document puts the same one into several places. */
export function distinctEntries(list: readonly Entry[]): Entry[] {
  return list.map((entry) => (isGroup(entry) ? { ...entry, steps: distinctEntries(entry.steps) } : { ...entry }));
}
