import type { z } from 'zod';
import type { Problem } from '../contract/errors.ts';
import { closest } from './closest.ts';
import { hintOf } from './hints.ts';
import { keysAt, type Path } from './schema-places.ts';

export type { Path } from './schema-places.ts';

type Issue = z.core.$ZodIssue;

/** Makes a problem at a place of a document. */
export type ProblemAt = (
  path: Path,
  problem: Omit<Problem, 'file' | 'line' | 'column' | 'severity'> & { severity?: Problem['severity'] },
) => Problem;

/** Nobody mends more than this at once. */
export const MOST_PROBLEMS = 200;

/** What a schema says against a document, in words a person can act on, in the order of the document. */
export function describeIssues(
  issues: readonly Issue[],
  input: unknown,
  schema: z.ZodType,
  problemAt: ProblemAt,
  code: string,
): Problem[] {
  return issues
    .slice(0, MOST_PROBLEMS)
    .flatMap((issue) => flattenIssue(issue, input, []))
    .slice(0, MOST_PROBLEMS)
    .flatMap((issue) => describeIssue(issue, input, schema, problemAt, code))
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

/**
 * A union reports one list of issues for each of its members. The member that was meant is the one whose own keys are
 * there: a missing key speaks against it most, a key it does not know next. One that has no keys at all is not meant by
 * them.
 */
function flattenIssue(issue: Issue, input: unknown, prefix: Path): Issue[] {
  const path = [...prefix, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ ...issue, path } as Issue];
  const members = issue.errors.map((issues) => issues.flatMap((inner) => flattenIssue(inner, input, path)));
  return members.reduce((best, member) => (badness(member, input, path) < badness(best, input, path) ? member : best));
}

const BADNESS = { otherKind: 1000, missingWord: 500, missingKey: 300, unknownKey: 100, other: 10 };

function badness(issues: readonly Issue[], input: unknown, path: Path): number {
  const own = issues.filter((issue) => issue.path.length <= path.length + 1);
  return own.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + BADNESS.unknownKey * issue.keys.length;
    const written = valueAt(input, issue.path);
    if (issue.path.length === path.length && isStructure(written)) return sum + BADNESS.otherKind;
    if (written !== undefined) return sum + BADNESS.other;
    return sum + (issue.code === 'invalid_union' ? BADNESS.missingWord : BADNESS.missingKey);
  }, issues.length);
}

function isStructure(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce((value, part) => (value as Record<PropertyKey, unknown> | null | undefined)?.[part], input);
}

function describeIssue(issue: Issue, input: unknown, schema: z.ZodType, problemAt: ProblemAt, code: string): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, MOST_PROBLEMS).map((key) => {
      const hint = keyHint(key, keysAt(schema, issue.path, input));
      return problemAt([...issue.path, key], { code, message: `unknown key "${key}"`, hint });
    });
  }
  const where = issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
  const words = wordsOf(issue);
  const written = valueAt(input, issue.path);
  const missing = `"${String(issue.path.at(-1))}" is missing`;
  if (words === undefined || isStructure(written)) {
    const hint = hintOf(issue, { schema, path: issue.path, input, written });
    if (issue.path.length === 0 && written === null) {
      return [problemAt([], { code, message: 'there is nothing in it', ...(hint !== undefined && { hint }) })];
    }
    const message =
      issue.code === 'invalid_type' && written === undefined ? missing : `${where}${lowerFirst(issue.message)}`;
    return [problemAt(issue.path, { code, message, ...(hint !== undefined && { hint }) })];
  }
  const near = typeof written === 'string' ? closest(written, words) : undefined;
  const message = written === undefined ? missing : `${where}"${String(written)}" is not known here`;
  const hint = near === undefined ? `Write one of: ${words.join(', ')}.` : `Did you mean "${near}"?`;
  return [problemAt(issue.path, { code, message, hint })];
}

/** So many keys are still a list that somebody reads. */
const MOST_KEYS = 20;

/** What was meant by a key that does not belong where it stands: only what may stand there is offered. */
function keyHint(key: string, allowed: readonly string[]): string {
  const near = closest(key, allowed) ?? allowed.find((other) => key.length > 2 && other.startsWith(key));
  if (near !== undefined && near !== key) return `Did you mean "${near}"?`;
  if (near === key) return 'Remove it: it does not go with the other keys here.';
  if (allowed.length === 0 || allowed.length > MOST_KEYS) return 'Remove it, or look the key up in the reference.';
  return `Remove it: only these keys belong here: ${allowed.join(', ')}.`;
}

/** The words that would have been right, where only certain words are. */
function wordsOf(issue: Issue): string[] | undefined {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union' || !('options' in issue) || !Array.isArray(issue.options)) return undefined;
  return issue.options.map(String);
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
