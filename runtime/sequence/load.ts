import type { z } from 'zod';
import type { Problem } from '../contract/errors.ts';
import { analyseSequence, type KnownContent } from './analysis/analyse.ts';
import { NewestOrOlder } from './analysis/format-version.ts';
import { type CheckedDocument, checkDocument } from './document.ts';
import { countOf } from './document-limits.ts';
import type { Sequence } from './schema.ts';

export type { KnownContent } from './analysis/analyse.ts';

export type LoadedSequence = { sequence?: Sequence; problems: Problem[] };

/** Far more than any sequence of a person; the schema has the same limit, but only after seconds of parsing. */
const MOST_ENTRIES = 100_000;
const ENTRY = /(?<=^|[\s{,"'-])(step|group)["']?:/gm;

/** Reads a sequence, in YAML or JSON and any version of its format, and holds it against the schema alone. */
export function readSequence(text: string, file: string): CheckedDocument<Sequence> {
  if (countOf(text, ENTRY) > MOST_ENTRIES) {
    const problem = {
      code: 'SEQUENCE_INVALID',
      severity: 'error' as const,
      message: `it has more than ${MOST_ENTRIES} steps and groups`,
      ...{ file, line: 1, column: 1 },
    };
    return { problems: [problem], problemAt: () => problem };
  }
  return checkDocument(NewestOrOlder as z.ZodType<Sequence>, text, file, 'SEQUENCE_INVALID');
}

/**
 * {@link readSequence}, and what only the whole shows: by itself, and, with `known`, against the project it belongs to.
 * The sequence is absent when a problem is an error; a warning leaves it.
 */
export function loadSequence(text: string, file: string, known?: KnownContent): LoadedSequence {
  const { value, problems, problemAt } = readSequence(text, file);
  if (value === undefined) return { problems };
  const found = analyseSequence(value, problemAt, known);
  const failed = found.some(({ severity }) => severity === 'error');
  return failed ? { problems: found } : { sequence: value, problems: found };
}
