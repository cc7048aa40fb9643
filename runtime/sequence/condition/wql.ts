import { z } from 'zod';
import type { ConditionFacts } from '../../contract/facts.ts';
import { CIMV2 } from '../wql/class.ts';
import { parseWql } from '../wql/parse.ts';
import { queryMachine } from '../wql/query.ts';
import { QUERY_CHARACTERS, unescaped } from '../wql/tokens.ts';
import { WqlError } from '../wql/wql-error.ts';
import { expandFacts, namesIn } from './expand.ts';
import { notEvaluated, type Verdict, verdict } from './verdict.ts';

export const WqlCondition = z.strictObject({
  wql: z
    .string()
    .min(1)
    .max(QUERY_CHARACTERS, { abort: true })
    .superRefine((query, context) => {
      const fault = faultOf(query);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    })
    .describe(
      "A query that the machine's inventory answers: SELECT * FROM Win32_ComputerSystem WHERE Model LIKE 'Latitude%'. True when it finds anything; %variables% are replaced first",
    ),
  namespace: z.string().min(1).max(256).default(CIMV2).describe('The namespace of the class it asks'),
});
export type WqlCondition = z.infer<typeof WqlCondition>;

/** The grammar alone: whether the inventory has the class is known only where it runs. With %variables% nothing is known yet. */
function faultOf(query: string): string | undefined {
  try {
    parseWql(query);
  } catch (error) {
    if (!(error instanceof WqlError)) throw error;
    if (namesIn(query).length === 0) return [saying(error), error.hint].filter(Boolean).join('. ');
  }
  return undefined;
}

const SHOWN_INSTANCES = 4;

export function evaluateWql({ wql, namespace }: WqlCondition, facts: ConditionFacts): Verdict {
  const query = expandQuery(wql, facts);
  try {
    const { className, found, of, seen } = queryMachine(query, expandFacts(namespace, facts), facts.machine);
    const more = seen.length > SHOWN_INSTANCES ? [`and ${seen.length - SHOWN_INSTANCES} more`] : [];
    const counted = `${found} of ${of} ${className}`;
    const shown = [counted, ...seen.slice(0, SHOWN_INSTANCES), ...more].join('; ');
    return verdict(found > 0, `WQL "${query}"`, shown, 'finds something');
  } catch (error) {
    if (!(error instanceof WqlError)) throw error;
    throw notEvaluated(saying(error), error.hint ?? 'Correct the query.', error);
  }
}

const LITERAL = /("(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*')/;

/** Between quotes a value is a value: no quote in it ends the text, and no backslash takes the next character away. */
function expandQuery(wql: string, facts: ConditionFacts): string {
  return wql
    .split(LITERAL)
    .map((part, index) => (index % 2 === 0 ? expandFacts(part, facts) : expandLiteral(part, facts)))
    .join('');
}

function expandLiteral(literal: string, facts: ConditionFacts): string {
  const text = unescaped(literal.slice(1, -1));
  const expanded = expandFacts(text, facts);
  if (expanded === text) return literal;
  return `${literal[0]}${expanded.replace(/[\\"']/g, '\\$&')}${literal.at(-1)}`;
}

function saying({ message, column }: WqlError): string {
  return column === undefined ? message : `column ${column}: ${message}`;
}
