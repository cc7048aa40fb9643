import type { Problem } from '../../contract/errors.ts';
import { closest } from '../closest.ts';
import { definitionOf, isGroup, type Sequence, type Step, titleOf } from '../schema.ts';
import { builtInVariables } from './built-in-variables.ts';
import { childrenOf } from './child-problems.ts';
import { enabledPlaces, type Place, type ProblemAt } from './places.ts';
import { type Read, reads } from './variable-reads.ts';

type Known = {
  platform: 'linux' | 'winpe';
  variables: readonly string[];
  sequences: ReadonlyMap<string, Sequence> | undefined;
};
/** Comparing every misspelt name with every name there is would not be linear. */
const MOST_HINTS = 50;
const MOST_CANDIDATES = 2000;

/**
 * A warning for each variable that is read and that nothing sets: no step of the sequence, of its children or of those
 * that call it, not the medium, not the engine. The options that ConfigMgr's variables override are not such readings.
 * One that only a later step of the sequence sets is another warning.
 */
export function unsetVariables(
  sequence: Sequence,
  places: readonly Place[],
  problemAt: ProblemAt,
  known: Known | undefined,
): Problem[] {
  const own = setBySteps(places);
  const others = setElsewhere(sequence, known);
  const names = [...own.map(({ name }) => name), ...others];
  const candidates = [...new Set(names.toReversed())].slice(0, MOST_CANDIDATES);
  const elsewhere = matcher(others);
  const inSteps = firstOf(own);
  const unset = new Map<string, Read & { times: number }>();
  const early = new Map<string, Read & { later: Step }>();
  for (const read of reads(sequence, places)) {
    const key = read.name.toLowerCase();
    const before = unset.get(key);
    const first = inSteps(key);
    if (before !== undefined) before.times += 1;
    else if (elsewhere(key)) continue;
    else if (first === undefined) unset.set(key, { ...read, times: 1 });
    else if (first.at > read.at && !read.asksOnly && !early.has(key)) early.set(key, { ...read, later: first.step });
  }
  const neverSet = [...unset.values()].map(({ name, path, times }, index) => {
    const near = index < MOST_HINTS ? closest(name, candidates) : undefined;
    return problemAt(path, {
      code: 'SEQUENCE_VARIABLE_NOT_SET',
      severity: 'warning',
      message: `nothing sets the variable "${name}"${times === 1 ? '' : `, which is read ${times} times`}`,
      hint:
        near === undefined
          ? 'Set it by a step before, or among the variables of media.yaml.'
          : `Did you mean "${near}"?`,
    });
  });
  const setLater = [...early.values()].map(({ name, path, later }) =>
    problemAt(path, {
      code: 'SEQUENCE_VARIABLE_NOT_SET',
      severity: 'warning',
      message: `nothing has set the variable "${name}" when it is read here: "${titleOf(later)}" comes later`,
      hint: 'Set it by a step before, or among the variables of media.yaml.',
    }),
  );
  return [...neverSet, ...setLater];
}

/** A variable that a step sets; a name that ends in `*` stands for all that begin so. */
type Setting = { name: string; at: number; step: Step };

function setBySteps(places: readonly Place[]): Setting[] {
  return places.flatMap(({ entry }, at) =>
    isGroup(entry)
      ? []
      : definitionOf(entry)
          .sets(entry as never)
          .map((name) => ({ name, at, step: entry })),
  );
}

/** The first step that sets a variable, by its name in lower case. */
function firstOf(settings: readonly Setting[]): (key: string) => Setting | undefined {
  const exact = new Map(settings.toReversed().map((one) => [one.name.toLowerCase(), one]));
  const patterns = [...exact].filter(([name]) => name.endsWith('*'));
  return (key) => {
    const fits = patterns.filter(([name]) => key.startsWith(name.slice(0, -1))).map(([, setting]) => setting);
    return [...fits, exact.get(key)].filter((one) => one !== undefined).sort((a, b) => a.at - b.at)[0];
  };
}

/** What has a value without a step of the sequence, or at a time that nobody can tell. */
function setElsewhere(sequence: Sequence, known: Known | undefined): string[] {
  const others = known?.sequences === undefined ? [] : relatives(sequence, known.sequences);
  return [
    ...others.flatMap((other) => setBySteps(enabledPlaces(other.steps)).map(({ name }) => name)),
    ...(known?.variables ?? []),
    ...builtInVariables(known?.platform),
  ];
}

function matcher(names: readonly string[]): (key: string) => boolean {
  const exact = new Set(names.map((name) => name.toLowerCase()));
  const beginnings = names.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1).toLowerCase());
  return (key) => exact.has(key) || beginnings.some((beginning) => key.startsWith(beginning));
}

/** The sequences that share a run with this one: what it calls, what calls it, and what those call. */
function relatives(sequence: Sequence, sequences: ReadonlyMap<string, Sequence>): Sequence[] {
  const reached = (from: Sequence): Set<string> => {
    const ids = new Set([from.id]);
    for (const id of ids) for (const child of childrenOf(sequences.get(id) ?? from)) ids.add(child);
    return ids;
  };
  const ids = new Set(reached(sequence));
  for (const other of sequences.values()) {
    const reach = reached(other);
    if (reach.has(sequence.id)) for (const id of reach) ids.add(id);
  }
  ids.delete(sequence.id);
  return [...ids].map((id) => sequences.get(id)).filter((found) => found !== undefined);
}
