import { z } from 'zod';
import { Sequence } from './schema.ts';

/** Deeper groups than this are no sequence of a person. */
const MOST_NESTED = 64;
/** Steps and groups together. */
const MOST_ENTRIES = 100_000;

type Plain = Record<string, unknown>;

/** A sequence in any version of its format that ever was; what comes out is of the newest. */
export const AnySequence: z.ZodType<Sequence> = z.preprocess((input, context) => {
  const problem = sizeProblem(input);
  if (problem !== undefined) {
    context.addIssue({ code: 'custom', message: problem, path: ['steps'] });
    return z.NEVER;
  }
  return toNewest(input);
}, Sequence) as unknown as z.ZodType<Sequence>;

/** Without recursion: what is refused here would overflow the stack of everything behind it. */
function sizeProblem(input: unknown): string | undefined {
  const open: { list: unknown; depth: number }[] = [{ list: isPlain(input) ? input.steps : undefined, depth: 1 }];
  let entries = 0;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (!Array.isArray(at.list)) continue;
    entries += at.list.length;
    if (at.depth > MOST_NESTED) return `groups are nested more than ${MOST_NESTED} deep`;
    if (entries > MOST_ENTRIES) return `more than ${MOST_ENTRIES} steps and groups`;
    for (const entry of at.list) if (isPlain(entry)) open.push({ list: entry.steps, depth: at.depth + 1 });
  }
  return undefined;
}

function toNewest(input: unknown): unknown {
  if (!isPlain(input) || input.formatVersion !== 1) return input;
  const entry = (old: unknown): unknown => {
    if (!isPlain(old)) return old;
    if (Array.isArray(old.steps)) return { ...old, steps: old.steps.map(entry) };
    return old.step === 'run-command-line' ? { successCodes: [0], ...old } : old;
  };
  // Version 1 took 0 alone for success, and ended at its first restart.
  return { ...input, formatVersion: 2, ...(Array.isArray(input.steps) && { steps: input.steps.map(entry) }) };
}

function isPlain(value: unknown): value is Plain {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
