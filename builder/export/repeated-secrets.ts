import { isGroup, type Sequence, titleOf } from '../../runtime/sequence/schema.ts';
import type { Secret, SecretSearch } from './secret-search.ts';

/** What a document says, as plain lists, texts and numbers. */
export type Plain = Record<PropertyKey, unknown>;

/** A text of a sequence that holds a secret which belongs elsewhere. */
export type Repeated = { path: PropertyKey[]; text: string; secret: Secret; step: string; field: string };

/** Every text of a document in which the search finds something. What the language itself says is none. */
export function repeatedSecrets(plain: unknown, sequence: Sequence, search: SecretSearch): Repeated[] {
  const found: Repeated[] = [];
  for (const { path, value } of leavesOf(plain)) {
    if (typeof value !== 'string' || isStepType(path)) continue;
    const secret = search.find(value);
    if (secret !== undefined) found.push({ path, text: value, secret, ...placeIn(sequence, path) });
  }
  return found;
}

/**
 * The first secret that a text holds which is to stand for `plain`: in one of its values, or anywhere else in the text,
 * such as a comment. Keys, types of steps and numbers are words of the language, whatever a secret is.
 */
export function secretLeftIn(text: string, plain: unknown, search: SecretSearch): Secret | undefined {
  let own = 0;
  for (const { path, key, value } of leavesOf(plain)) {
    if (key !== undefined) own += search.count(key);
    else if (typeof value !== 'string' || isStepType(path)) own += search.count(String(value));
    else if (search.find(value) !== undefined) return search.find(value);
  }
  return search.count(text) > own ? search.find(text) : undefined;
}

type Leaf = { path: PropertyKey[]; key?: string; value?: unknown };

function* leavesOf(value: unknown, path: PropertyKey[] = []): Generator<Leaf> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* leavesOf(item, [...path, index]);
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      yield { path, key };
      yield* leavesOf(item, [...path, key]);
    }
  } else yield { path, value };
}

function isStepType(path: readonly PropertyKey[]): boolean {
  return path.at(-1) === 'step' && path.at(-3) === 'steps';
}

/** The step or group whose field a path leads to; the sequence where it is none's. */
function placeIn(sequence: Sequence, path: readonly PropertyKey[]): { step: string; field: string } {
  let step = sequence.name;
  let entries = sequence.steps;
  let at = 0;
  for (; path[at] === 'steps' && typeof path[at + 1] === 'number'; at += 2) {
    const entry = entries[Number(path[at + 1])];
    if (entry === undefined) break;
    step = titleOf(entry);
    entries = isGroup(entry) ? entry.steps : [];
  }
  return { step, field: path.slice(at).map(String).join('.') };
}
