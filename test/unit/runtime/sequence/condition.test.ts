import { describe, expect, it } from 'vitest';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { Condition, evaluateCondition } from '../../../../runtime/sequence/condition.ts';

type Operator = 'equals' | 'notEquals' | 'less' | 'lessEqual' | 'greater' | 'greaterEqual';
type Compare = 'text' | 'number' | 'version';

const OPERATORS: readonly Operator[] = ['equals', 'notEquals', 'less', 'lessEqual', 'greater', 'greaterEqual'];

function variables(values: Record<string, string>): Variables {
  const all = new Variables();
  for (const [name, value] of Object.entries(values)) all.set(name, value);
  return all;
}

function holds(condition: unknown, values: Record<string, string> = {}): boolean {
  return evaluateCondition(Condition.parse(condition), variables(values)).holds;
}

/** The operators that hold between two values. */
function holding(compare: Compare, actual: string | undefined, value: string): Operator[] {
  const values: Record<string, string> = actual === undefined ? {} : { A: actual };
  return OPERATORS.filter((operator) => holds({ variable: 'A', operator, value, compare }, values));
}

const SAME: Operator[] = ['equals', 'lessEqual', 'greaterEqual'];
const LESS: Operator[] = ['notEquals', 'less', 'lessEqual'];
const MORE: Operator[] = ['notEquals', 'greater', 'greaterEqual'];
const APART: Operator[] = ['notEquals'];

describe('every operator', () => {
  it.each<[Compare, string, string, Operator[]]>([
    ['text', 'Dell', 'DELL', SAME],
    ['text', 'a', 'B', LESS],
    ['text', '10', '9', LESS],
    ['text', 'b', 'a', MORE],
    ['number', '10', '9', MORE],
    ['number', ' 10 ', '10.0', SAME],
    ['number', '-2', '1', LESS],
    ['number', 'ten', '10', APART],
    ['number', '10', '', APART],
    ['version', '10.0.9', '10.0.10', LESS],
    ['version', '10.0', '10.0.0', SAME],
    ['version', '10.1', '10.0.99999', MORE],
    ['version', '10.0.x', '10.0.1', APART],
    ['version', '10.0', '', APART],
  ])('%s: %j with %j', (compare, actual, value, expected) => {
    expect(holding(compare, actual, value)).toEqual(expected);
  });
});

describe('an unset variable', () => {
  it.each<[Compare, string, Operator[]]>([
    ['text', 'x', LESS],
    ['text', '', SAME],
    ['number', '0', APART],
    ['version', '0', APART],
  ])('as %s with %j', (compare, value, expected) => {
    expect(holding(compare, undefined, value)).toEqual(expected);
  });

  it('is told from a set one', () => {
    expect(holds({ variable: 'A', operator: 'exists' })).toBe(false);
    expect(holds({ variable: 'A', operator: 'exists' }, { a: '0' })).toBe(true);
    expect(holds({ variable: 'A', operator: 'notExists' })).toBe(true);
    expect(holds({ variable: 'A', operator: 'notExists' }, { a: '0' })).toBe(false);
  });
});

it('compares with equals and as text unless told', () => {
  expect(holds({ variable: 'A', value: 'x' }, { A: 'X' })).toBe(true);
  expect(holds({ variable: 'A', value: '1' }, { A: '1.0' })).toBe(false);
});

it('replaces variables in the value it compares with', () => {
  expect(holds({ variable: 'A', value: '%B%-1' }, { A: 'x-1', B: 'x' })).toBe(true);
  expect(holds({ variable: 'A', value: '%C%' }, { A: '%C%' })).toBe(true);
});

describe('several conditions', () => {
  const yes = { variable: 'A', operator: 'exists' };
  const no = { variable: 'B', operator: 'exists' };

  it.each<[object, boolean]>([
    [{ all: [yes, yes] }, true],
    [{ all: [yes, no] }, false],
    [{ any: [no, yes] }, true],
    [{ any: [no, no] }, false],
    [{ none: [no, no] }, true],
    [{ none: [no, yes] }, false],
    [{ all: [yes, { any: [no, { none: [no] }] }] }, true],
    [{ none: [{ all: [yes, { none: [no] }] }] }, false],
  ])('%j is %s', (condition, expected) => {
    expect(holds(condition, { A: '1' })).toBe(expected);
  });

  it.each([{ all: [] }, { any: [yes], none: [no] }, {}, { not: yes }, { all: yes }, { ...yes, compare: 'date' }])(
    'cannot be written as %j',
    (condition) => {
      expect(Condition.safeParse(condition).success).toBe(false);
    },
  );
});

it('says why', () => {
  const condition = Condition.parse({
    all: [
      { variable: 'Model', value: '%Want%' },
      { variable: 'B', operator: 'exists' },
    ],
  });
  expect(evaluateCondition(condition, variables({ Model: 'X1', Want: 'X2' })).why).toBe(
    'all of (Model ("X1") equals "X2" is false, B (not set) exists is false) is false',
  );
});

it('without an operator asks whether the variable exists, or with a value whether it equals', () => {
  const variables = new Variables();
  variables.set('A', 'x');
  const holds = (condition: Condition) => evaluateCondition(condition, variables).holds;
  expect(
    [{ variable: 'A' }, { variable: 'B' }, { variable: 'A', value: 'X' }, { variable: 'B', value: 'x' }].map((one) =>
      holds(Condition.parse(one)),
    ),
  ).toEqual([true, false, true, false]);
});
