import { type Condition, variablesRead } from '../condition.ts';
import { isGroup, type Sequence } from '../schema.ts';
import type { Path, Place } from './places.ts';

/** `at`: the number of the step or group that reads it. `asksOnly`: whether it is set is all that is asked. */
export type Read = { name: string; path: Path; at: number; asksOnly?: boolean };

/** Every reading of a variable, in the order of the steps. */
export function* reads({ logFolder, logAccount, logPassword }: Sequence, places: readonly Place[]): Generator<Read> {
  // The logs are left when all is over.
  yield* readsOfText({ logFolder, logAccount, logPassword }, [], places.length);
  for (const [at, { entry, path }] of places.entries()) {
    if (entry.condition !== undefined) yield* readsOfCondition(entry.condition, [...path, 'condition'], at);
    if (isGroup(entry)) continue;
    for (const [key, value] of Object.entries(entry)) {
      if (!NOT_OPTIONS.has(key)) yield* readsOfText(value, [...path, key], at);
    }
  }
}

const NOT_OPTIONS = new Set(['step', 'name', 'description', 'condition']);

function* readsOfCondition(condition: Condition, path: Path, at: number): Generator<Read> {
  const asked = new Set(onlyAsked(condition));
  for (const name of variablesRead(condition)) yield { name, path, at, asksOnly: asked.has(name) };
}

/** The variables of which a condition asks no more than whether they are set. */
function onlyAsked(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(onlyAsked);
  if ('any' in condition) return condition.any.flatMap(onlyAsked);
  if ('none' in condition) return condition.none.flatMap(onlyAsked);
  if (!('variable' in condition)) return [];
  const { variable, operator, value } = condition;
  const asks = operator === undefined ? value === undefined : operator === 'exists' || operator === 'notExists';
  return asks ? [variable] : [];
}

function* readsOfText(value: unknown, path: Path, at: number): Generator<Read> {
  if (typeof value === 'string') {
    if (!value.includes('%')) return;
    // Windows' own names may stand between percent signs too; a path of a condition knows them.
    for (const name of variablesRead({ folder: value })) yield { name, path, at };
  } else if (value !== null && typeof value === 'object') {
    for (const [key, part] of Object.entries(value)) yield* readsOfText(part, [...path, key], at);
  }
}
