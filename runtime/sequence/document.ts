import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Problem } from '../contract/errors.ts';
import { closest } from './closest.ts';

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

/** A YAML or JSON document held against its schema, with the place of everything in it. */
export type CheckedDocument<T> = {
  /** Present when no problem is an error. */
  value?: T;
  problems: Problem[];
  /** A problem at a place of the document, for rules that no schema can hold. */
  problemAt: (
    path: Path,
    problem: Omit<Problem, 'file' | 'line' | 'column' | 'severity'> & { severity?: Problem['severity'] },
  ) => Problem;
};

/**
 * Reads a document a person wrote. `file` is what problems name. Lines and columns count from 1; a missing key is
 * reported where the thing lies that should hold it.
 */
export function checkDocument<T>(schema: z.ZodType<T>, text: string, file: string, code: string): CheckedDocument<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problemAt: CheckedDocument<T>['problemAt'] = (path, problem) => ({
    severity: 'error',
    ...problem,
    ...at(offsetOf(document, path)),
  });
  const syntax = (message: string, offset: number): Problem => ({
    code: 'YAML_SYNTAX',
    severity: 'error',
    message,
    ...at(offset),
  });
  if (document.errors.length > 0) {
    return { problems: document.errors.map((error) => syntax(error.message, error.pos[0])), problemAt };
  }
  let input: unknown;
  try {
    input = document.toJS();
  } catch (error) {
    // An alias without its anchor, or one that unfolds without end, shows only now and without a place.
    if (!(error instanceof ReferenceError)) throw error;
    return { problems: [syntax(error.message, 0)], problemAt };
  }
  const result = schema.safeParse(input);
  if (result.success) return { value: result.data, problems: [], problemAt };
  const issues = result.error.issues.flatMap((issue) => flattenIssue(issue, input, []));
  const problems = issues.flatMap((issue) => describeIssue(issue, input, schema, problemAt, code));
  return { problems: problems.sort((a, b) => a.line - b.line || a.column - b.column), problemAt };
}

/** The keys at the top of a document: enough to tell what kind it is. None for a text that is no document. */
export function topLevelKeys(text: string): string[] {
  const { contents } = parseDocument(text, { prettyErrors: false });
  return isMap(contents) ? contents.items.map(({ key }) => (isScalar(key) ? String(key.value) : '')) : [];
}

/**
 * A union reports one list of issues for each of its members. The member that was meant is the one whose own keys are
 * there: a missing key speaks against it most, a key it does not know next.
 */
function flattenIssue(issue: Issue, input: unknown, prefix: Path): Issue[] {
  const path = [...prefix, ...issue.path];
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ ...issue, path } as Issue];
  const members = issue.errors.map((issues) => issues.flatMap((inner) => flattenIssue(inner, input, path)));
  return members.reduce((best, member) => (badness(member, input, path) < badness(best, input, path) ? member : best));
}

const BADNESS = { missingWord: 500, missingKey: 300, unknownKey: 100, other: 10 };

function badness(issues: readonly Issue[], input: unknown, path: Path): number {
  const own = issues.filter((issue) => issue.path.length <= path.length + 1);
  return own.reduce((sum, issue) => {
    if (issue.code === 'unrecognized_keys') return sum + BADNESS.unknownKey * issue.keys.length;
    if (valueAt(input, issue.path) !== undefined) return sum + BADNESS.other;
    return sum + (issue.code === 'invalid_union' ? BADNESS.missingWord : BADNESS.missingKey);
  }, issues.length);
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce((value, part) => (value as Record<PropertyKey, unknown> | null | undefined)?.[part], input);
}

function describeIssue(
  issue: Issue,
  input: unknown,
  schema: z.ZodType,
  problemAt: CheckedDocument<unknown>['problemAt'],
  code: string,
): Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = closest(key, keysKnownTo(schema));
      return problemAt([...issue.path, key], {
        code,
        message: `unknown key "${key}"`,
        hint: near === undefined ? 'Remove it, or look the key up in the reference.' : `Did you mean "${near}"?`,
      });
    });
  }
  const where = issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
  const words = wordsOf(issue);
  const written = valueAt(input, issue.path);
  const missing = `"${String(issue.path.at(-1))}" is missing`;
  if (words === undefined) {
    const message =
      issue.code === 'invalid_type' && written === undefined ? missing : `${where}${lowerFirst(issue.message)}`;
    return [problemAt(issue.path, { code, message })];
  }
  const near = typeof written === 'string' ? closest(written, words) : undefined;
  const message = written === undefined ? missing : `${where}"${String(written)}" is not known here`;
  const hint = near === undefined ? `Write one of: ${words.join(', ')}.` : `Did you mean "${near}"?`;
  return [problemAt(issue.path, { code, message, hint })];
}

/** The words that would have been right, where only certain words are. */
function wordsOf(issue: Issue): string[] | undefined {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code !== 'invalid_union' || !('options' in issue) || !Array.isArray(issue.options)) return undefined;
  return issue.options.map(String);
}

const keysOf = new WeakMap<z.ZodType, string[]>();

/** Every key that appears anywhere in a schema: enough to guess what was meant. */
function keysKnownTo(schema: z.ZodType): string[] {
  const known = keysOf.get(schema);
  if (known !== undefined) return known;
  const keys = new Set<string>();
  const seen = new Set<unknown>();
  const visit = (node: unknown): void => {
    if (node === null || typeof node !== 'object' || seen.has(node)) return;
    seen.add(node);
    const definition = (node as { _zod?: { def?: Record<string, unknown> } })._zod?.def;
    if (definition === undefined) {
      for (const item of Array.isArray(node) ? node : Object.values(node)) visit(item);
      return;
    }
    if (definition.type === 'object') for (const key of Object.keys(definition.shape as object)) keys.add(key);
    if (definition.type === 'lazy') visit((definition.getter as () => unknown)());
    for (const item of Object.values(definition)) visit(item);
  };
  visit(schema);
  keysOf.set(schema, [...keys]);
  return [...keys];
}

/** Where the deepest part of a path that exists begins. An unknown key is found at the key itself. */
function offsetOf(document: Document, path: Path): number {
  let offset = document.contents?.range?.[0] ?? 0;
  let node: unknown = document.contents;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (pair === undefined) break;
      offset = (isScalar(pair.key) && pair.key.range?.[0]) || offset;
      node = pair.value;
    } else {
      const item = (node as { items?: { range?: [number, number, number] }[] } | null)?.items?.[Number(part)];
      if (item === undefined) break;
      offset = item.range?.[0] ?? offset;
      node = item;
    }
  }
  return offset;
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
