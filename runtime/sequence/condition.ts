import { z } from 'zod';
import { expandText, VariableName, type Variables } from '../contract/variables.ts';

const OPERATORS = [
  'exists',
  'notExists',
  'equals',
  'notEquals',
  'less',
  'lessEqual',
  'greater',
  'greaterEqual',
] as const;

export const VariableCondition = z.strictObject({
  variable: VariableName.describe('The variable it asks about'),
  operator: z.enum(OPERATORS).optional().describe('How it is compared; by default equals, or exists without a value'),
  value: z.string().optional().describe('What it is compared with; %variables% are replaced first'),
  compare: z
    .enum(['text', 'number', 'version'])
    .default('text')
    .describe('text: without regard to case; number; version: 10.0.9 is less than 10.0.10'),
});
export type VariableCondition = z.infer<typeof VariableCondition>;

/** When a step or a group runs. Several conditions stand in `all`, `any` or `none`, which may be nested. */
export type Condition = VariableCondition | { all: Condition[] } | { any: Condition[] } | { none: Condition[] };

export const Condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    VariableCondition,
    z.strictObject({ all: z.array(Condition).min(1).describe('True when every one is') }),
    z.strictObject({ any: z.array(Condition).min(1).describe('True when at least one is') }),
    z.strictObject({ none: z.array(Condition).min(1).describe('True when not one is') }),
  ]),
);

/** Whether it holds now, and a line that says why. */
export function evaluateCondition(condition: Condition, variables: Variables): { holds: boolean; why: string } {
  if ('variable' in condition) return evaluateVariable(condition, variables);
  const [word, parts] = Object.entries(condition)[0] as ['all' | 'any' | 'none', Condition[]];
  const results = parts.map((part) => evaluateCondition(part, variables));
  const count = results.filter(({ holds }) => holds).length;
  const holds = word === 'all' ? count === results.length : word === 'any' ? count > 0 : count === 0;
  return { holds, why: `${word} of (${results.map(({ why }) => why).join(', ')}) is ${holds}` };
}

function evaluateVariable(condition: VariableCondition, variables: Variables): { holds: boolean; why: string } {
  const actual = variables.get(condition.variable);
  const expected = expandText(condition.value ?? '', variables);
  const operator = condition.operator ?? (condition.value === undefined ? 'exists' : 'equals');
  const holds = compareValue({ ...condition, operator }, actual, expected);
  const shown = actual === undefined ? 'not set' : `"${actual}"`;
  const asked = operator.endsWith('xists') ? operator : `${operator} "${expected}"`;
  return { holds, why: `${condition.variable} (${shown}) ${asked} is ${holds}` };
}

/** An unset variable compares as empty text; as a number or version it satisfies no order. */
function compareValue({ operator, compare }: VariableCondition, actual: string | undefined, expected: string): boolean {
  if (operator === 'exists') return actual !== undefined;
  if (operator === 'notExists') return actual === undefined;
  const order = ORDERS[compare](actual ?? '', expected);
  if (operator === 'equals') return order === 0;
  if (operator === 'notEquals') return order !== 0;
  if (operator === 'less') return order < 0;
  if (operator === 'lessEqual') return order <= 0;
  if (operator === 'greater') return order > 0;
  return order >= 0;
}

/** Each gives less than 0, 0 or more than 0, or NaN where a side is not of its kind. */
const ORDERS: Record<VariableCondition['compare'], (a: string, b: string) => number> = {
  text: (a, b) => {
    const [left, right] = [a.toLowerCase(), b.toLowerCase()];
    return left === right ? 0 : left < right ? -1 : 1;
  },
  number: (a, b) => (a.trim() === '' || b.trim() === '' ? Number.NaN : Number(a) - Number(b)),
  version: (a, b) => {
    const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
    if (a === '' || b === '' || [...left, ...right].some(Number.isNaN)) return Number.NaN;
    const length = Math.max(left.length, right.length);
    for (let part = 0; part < length; part++) {
      const difference = (left[part] ?? 0) - (right[part] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  },
};
