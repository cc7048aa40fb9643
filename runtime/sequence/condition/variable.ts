import { z } from 'zod';
import { expandText, VariableName, type Variables } from '../../contract/variables.ts';
import { fitsPattern, wildcardPattern } from '../wql/pattern.ts';
import { COMPARISONS, Compare, compareTexts } from './comparison.ts';
import { type Verdict, verdict } from './verdict.ts';

export const VARIABLE_OPERATORS = ['exists', 'notExists', ...COMPARISONS, 'like', 'notLike'] as const;

export const VariableCondition = z.strictObject({
  variable: VariableName.describe('The variable it asks about'),
  operator: z
    .enum(VARIABLE_OPERATORS)
    .optional()
    .describe('How it is compared; by default equals, or exists without a value. like: * is any run, ? any character'),
  value: z.string().max(4000).optional().describe('What it is compared with; %variables% are replaced first'),
  compare: Compare.default('text').describe(
    'text: without regard to case; number; version: 10.0.9 is less than 10.0.10; auto: equals and notEquals as text, an order as numbers or versions where both sides are',
  ),
});
export type VariableCondition = z.infer<typeof VariableCondition>;

/**
 * An unset variable compares as empty text; as a number or version, and with `auto`, it satisfies no order. `like` ignores
 * case and never fits an unset variable.
 */
export function evaluateVariable(condition: VariableCondition, variables: Variables): Verdict {
  const actual = variables.get(condition.variable);
  const expected = expandText(condition.value ?? '', variables);
  const operator = condition.operator ?? (condition.value === undefined ? 'exists' : 'equals');
  const shown = actual === undefined ? 'not set' : `"${actual}"`;
  const asked = operator.endsWith('xists') ? operator : `${operator} "${expected}"`;
  return verdict(holdsFor(operator, condition.compare, actual, expected), condition.variable, shown, asked);
}

function holdsFor(
  operator: (typeof VARIABLE_OPERATORS)[number],
  compare: Compare,
  actual: string | undefined,
  expected: string,
): boolean {
  if (operator === 'exists') return actual !== undefined;
  if (operator === 'notExists') return actual === undefined;
  if (operator === 'like') return actual !== undefined && fitsPattern(actual, wildcardPattern(expected));
  if (operator === 'notLike') return actual === undefined || !fitsPattern(actual, wildcardPattern(expected));
  return compareTexts(operator, compare, actual ?? '', expected);
}
