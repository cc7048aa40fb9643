import { Document, type ErrorCode, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import type { Problem } from '../contract/errors.ts';
import { BOMB_HINT, isStackOverflow, tooMuch } from './document-limits.ts';
import { yamlHint } from './hints.ts';
import { describeIssues, MOST_PROBLEMS, type Path, type ProblemAt } from './issues.ts';

/** Where the first keys of a document are that is too much to be parsed. */
const HEAD = 64 * 1024;

/** A YAML or JSON document held against its schema, with the place of everything in it. */
export type CheckedDocument<T> = {
  /** Present when no problem is an error. */
  value?: T;
  problems: Problem[];
  /** A problem at a place of the document, for rules that no schema can hold. */
  problemAt: ProblemAt;
};

/**
 * Reads a document a person wrote. `file` is what problems name. Lines and columns count from 1; a missing key is
 * reported where the thing lies that should hold it.
 */
export function checkDocument<T>(schema: z.ZodType<T>, text: string, file: string, code: string): CheckedDocument<T> {
  const start = { file, line: 1, column: 1 };
  const refusal = (message: string, hint: string): CheckedDocument<T> => ({
    problems: [{ code, severity: 'error', message, hint, ...start }],
    problemAt: (_, problem) => ({ severity: 'error', ...problem, ...start }),
  });
  const reason = tooMuch(text);
  if (reason !== undefined) return refusal(reason, BOMB_HINT);
  try {
    return check(schema, text, file, code, refusal);
  } catch (error) {
    if (!isStackOverflow(error)) throw error;
    return refusal('its parts are nested too deeply to be read', BOMB_HINT);
  }
}

function check<T>(
  schema: z.ZodType<T>,
  text: string,
  file: string,
  code: string,
  refusal: (message: string, hint: string) => CheckedDocument<T>,
): CheckedDocument<T> {
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
  const syntax = (message: string, offset: number, kind?: ErrorCode): Problem => ({
    code: 'YAML_SYNTAX',
    severity: 'error',
    message,
    hint: yamlHint(kind),
    ...at(offset),
  });
  const overflow = document.errors.find(isStackOverflow);
  if (overflow !== undefined) throw overflow;
  if (document.errors.length > 0) {
    return {
      problems: document.errors.slice(0, MOST_PROBLEMS).map((error) => syntax(error.message, error.pos[0], error.code)),
      problemAt,
    };
  }
  let input: unknown;
  try {
    input = document.toJS();
  } catch (error) {
    // An alias without its anchor, or one that unfolds without end, shows only now and without a place.
    if (!(error instanceof ReferenceError)) throw error;
    if (/alias count/i.test(error.message)) return refusal('its aliases unfold to far more than it holds', BOMB_HINT);
    return { problems: [syntax(error.message, 0, 'BAD_ALIAS')], problemAt };
  }
  const result = schema.safeParse(input);
  if (result.success) return { value: result.data, problems: [], problemAt };
  return { problems: describeIssues(result.error.issues, input, schema, problemAt, code), problemAt };
}

/** The keys at the top of a document: enough to tell what kind it is. None for a text that is no document. */
export function topLevelKeys(text: string): string[] {
  // Without a parser, which takes seconds for a long one: in block style nothing but a key at the top begins a line.
  if (!/^\ufeff?(\s|#.*)*[{[]/.test(text)) {
    return [...text.matchAll(/^\ufeff?(["']?)([A-Za-z][\w-]*)\1\s*:(?=\s|$)/gm)].map(([, , key = '']) => key);
  }
  if (tooMuch(text) !== undefined) return [...text.slice(0, HEAD).matchAll(/"(\w+)"\s*:/g)].map(([, key = '']) => key);
  try {
    return Object.keys(JSON.parse(text));
  } catch {
    const { contents } = parseDocument(text, { prettyErrors: false });
    return isMap(contents) ? contents.items.map(({ key }) => (isScalar(key) ? String(key.value) : '')) : [];
  }
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

/** A remark that stands above what lies at `path`. */
export type Remark = { path: Path; text: string };

/** A document as YAML: long texts stay on one line, texts of several lines are blocks. Deterministic. */
export function writeDocument(value: object, remarks: readonly Remark[] = []): string {
  const document = new Document(value, { aliasDuplicateObjects: false });
  for (const { path, text } of remarks) {
    const node = document.getIn(path, true);
    if (isNode(node)) node.commentBefore = text.replace(/^/gm, ' ');
  }
  return document.toString({ lineWidth: 0 });
}

/** The same document with other values at some places; everything else, comments too, stays. */
export function editDocument(text: string, edits: readonly { path: Path; value: unknown }[]): string {
  const document = parseDocument(text, { prettyErrors: false });
  for (const { path, value } of edits) document.setIn(path, value);
  return document.toString({ lineWidth: 0 });
}
