import type { Path } from '../issues.ts';
import { definitionOf, type Entry, isGroup, type Step } from '../schema.ts';

export type { Path, ProblemAt } from '../issues.ts';

/** A step or a group, and where it stands in its document. */
export type Place<E extends Entry = Entry> = { entry: E; path: Path };

/** Every step and group that is enabled with all the groups around it, in order. */
export function enabledPlaces(entries: readonly Entry[]): Place[] {
  const places: Place[] = [];
  const visit = (list: readonly Entry[], path: Path): void => {
    for (const [index, entry] of list.entries()) {
      if (!entry.enabled) continue;
      const here = [...path, index];
      places.push({ entry, path: here });
      if (isGroup(entry)) visit(entry.steps, [...here, 'steps']);
    }
  };
  visit(entries, ['steps']);
  return places;
}

export function stepsOf(places: readonly Place[]): Place<Step>[] {
  return places.filter((place): place is Place<Step> => !isGroup(place.entry));
}

/** The sequence that a step runs. */
export function childOf(step: Step): string | undefined {
  return definitionOf(step).child(step as never);
}
