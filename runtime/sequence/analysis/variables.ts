import type { Problem } from '../../contract/errors.ts';
import { closest } from '../closest.ts';
import { variablesRead } from '../condition.ts';
import { definitionOf, isGroup, type Sequence, type Step } from '../schema.ts';
import { BUILT_IN_VARIABLES } from './built-in-variables.ts';
import { childrenOf } from './child-problems.ts';
import { enabledPlaces, type Path, type Place, type ProblemAt, stepsOf } from './places.ts';

type Known = { variables: readonly string[]; sequences: ReadonlyMap<string, Sequence> | undefined };
type Read = { name: string; path: Path };

/** Comparing every misspelt name with every name there is would not be linear. */
const MOST_HINTS = 50;
const MOST_CANDIDATES = 2000;

/**
 * A warning for each variable that is read and that nothing sets: no step of the sequence, of its children or of those
 * that call it, not the medium, not the engine. The options that ConfigMgr's variables override are not such readings.
 */
export function unsetVariables(
  sequence: Sequence,
  places: readonly Place[],
  problemAt: ProblemAt,
  known: Known | undefined,
): Problem[] {
  const names = namesSet(sequence, places, known);
  const candidates = [...new Set(names.toReversed())].slice(0, MOST_CANDIDATES);
  const exact = new Set(names.map((name) => name.toLowerCase()));
  const beginnings = names.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1).toLowerCase());
  const isSet = (name: string): boolean =>
    exact.has(name) || beginnings.some((beginning) => name.startsWith(beginning));
  const unset = new Map<string, Read & { times: number }>();
  for (const read of reads(sequence, places)) {
    const key = read.name.toLowerCase();
    const before = unset.get(key);
    if (before !== undefined) before.times += 1;
    else if (!isSet(key)) unset.set(key, { ...read, times: 1 });
  }
  return [...unset.values()].map(({ name, path, times }, index) => {
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
}

function namesSet(sequence: Sequence, places: readonly Place[], known: Known | undefined): string[] {
  const sets = (steps: readonly Place<Step>[]) =>
    steps.flatMap(({ entry }) => [...definitionOf(entry).sets(entry as never)]);
  const others = known?.sequences === undefined ? [] : relatives(sequence, known.sequences);
  return [
    ...sets(stepsOf(places)),
    ...others.flatMap((other) => sets(stepsOf(enabledPlaces(other.steps)))),
    ...(known?.variables ?? []),
    ...BUILT_IN_VARIABLES,
  ];
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

function* reads({ logFolder }: Sequence, places: readonly Place[]): Generator<Read> {
  yield* readsOfText(logFolder, ['logFolder']);
  for (const { entry, path } of places) {
    if (entry.condition !== undefined) {
      for (const name of variablesRead(entry.condition)) yield { name, path: [...path, 'condition'] };
    }
    if (isGroup(entry)) continue;
    for (const [key, value] of Object.entries(entry)) {
      if (!NOT_OPTIONS.has(key)) yield* readsOfText(value, [...path, key]);
    }
  }
}

const NOT_OPTIONS = new Set(['step', 'name', 'description', 'condition']);

function* readsOfText(value: unknown, path: Path): Generator<Read> {
  if (typeof value === 'string') {
    if (!value.includes('%')) return;
    // Windows' own names may stand between percent signs too; a path of a condition knows them.
    for (const name of variablesRead({ folder: value })) yield { name, path };
  } else if (value !== null && typeof value === 'object') {
    for (const [key, part] of Object.entries(value)) yield* readsOfText(part, [...path, key]);
  }
}
