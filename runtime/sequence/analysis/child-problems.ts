import { isMediasmithError, type Problem } from '../../contract/errors.ts';
import { inlineChildren } from '../children.ts';
import { closest } from '../closest.ts';
import type { Sequence, Step } from '../schema.ts';
import { childOf, enabledPlaces, type Place, type ProblemAt, stepsOf } from './places.ts';

type Sequences = ReadonlyMap<string, Sequence>;

/** Ids of sequences that are there and could not be read; undefined stands for one that does not even tell its id. */
export type Unread = readonly (string | undefined)[];

/**
 * Child sequences that are missing, call this one again, however far around, or grow beyond reason: at the step that calls.
 * One that may be among the `unread` is not missing.
 */
export function childProblems(
  sequence: Sequence,
  steps: readonly Place<Step>[],
  problemAt: ProblemAt,
  sequences: Sequences | undefined,
  unread: Unread = [],
): Problem[] {
  const calls = steps.flatMap(({ entry, path }) => {
    const child = childOf(entry);
    return child === undefined ? [] : [{ child, path: [...path, 'sequence'] }];
  });
  const problems = calls.flatMap(({ child, path }) => {
    const found = describe(sequence, child, sequences, unread);
    return found === undefined ? [] : [problemAt(path, { code: 'SEQUENCE_INVALID', ...found })];
  });
  if (problems.length > 0 || calls.length === 0 || sequences === undefined) return problems;
  return childrenOfChildren(sequence, calls[0]?.path ?? [], problemAt, sequences, unread);
}

function describe(
  { id }: Sequence,
  child: string,
  sequences: Sequences | undefined,
  unread: Unread,
): { message: string; hint: string } | undefined {
  if (sequences !== undefined && child !== id && !sequences.has(child) && !isUnread(child, unread)) {
    const near = closest(child, sequences.keys());
    return {
      message: `there is no sequence "${child}" in the project`,
      hint: near === undefined ? 'Add its file to the sequences of media.yaml.' : `Did you mean "${near}"?`,
    };
  }
  const way = wayBack(id, child, sequences);
  if (way === undefined) return undefined;
  return { message: `the sequence calls itself: ${way.join(' > ')}`, hint: 'Take one of these calls away.' };
}

/** Whether a sequence may be among those that could not be read. */
export function isUnread(id: string, unread: Unread): boolean {
  return unread.includes(id) || unread.includes(undefined);
}

/** How the sequence comes back to itself through this child, by the shortest way. */
function wayBack(id: string, child: string, sequences: Sequences | undefined): string[] | undefined {
  const ways = new Map([[child, [id, child]]]);
  for (const [at, way] of ways) {
    if (at === id) return way;
    const next = sequences?.get(at);
    if (next === undefined) continue;
    for (const name of childrenOf(next)) if (!ways.has(name)) ways.set(name, [...way, name]);
  }
  return undefined;
}

const known = new WeakMap<Sequence, readonly string[]>();

/** The sequences that a sequence runs, each once. */
export function childrenOf(sequence: Sequence): readonly string[] {
  const before = known.get(sequence);
  if (before !== undefined) return before;
  const places = stepsOf(enabledPlaces(sequence.steps));
  const children = [...new Set(places.map(({ entry }) => childOf(entry)).filter((child) => child !== undefined))];
  known.set(sequence, children);
  return children;
}

/** What is wrong further down is named in the file of its caller too, but keeps this sequence from running as well. */
function childrenOfChildren(
  sequence: Sequence,
  path: readonly PropertyKey[],
  problemAt: ProblemAt,
  sequences: Sequences,
  unread: Unread,
): Problem[] {
  const lookUp = (id: string) =>
    sequences.get(id) ?? (isUnread(id, unread) ? { ...sequence, id, steps: [] } : undefined);
  try {
    inlineChildren(sequence, lookUp);
    return [];
  } catch (error) {
    if (!isMediasmithError(error)) throw error;
    return [problemAt(path, { code: 'SEQUENCE_INVALID', message: error.message })];
  }
}
