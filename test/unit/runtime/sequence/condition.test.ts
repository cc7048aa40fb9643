import { describe, expect, it } from 'vitest';
import type { ConditionFacts } from '../../../../runtime/contract/facts.ts';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { Condition, evaluateCondition } from '../../../../runtime/sequence/condition.ts';
import { aMachine } from '../../../helpers/machine.ts';

type Operator = 'equals' | 'notEquals' | 'less' | 'lessEqual' | 'greater' | 'greaterEqual';
type Compare = 'text' | 'number' | 'version' | 'auto';

const OPERATORS: readonly Operator[] = ['equals', 'notEquals', 'less', 'lessEqual', 'greater', 'greaterEqual'];

const NOTHING = () => Promise.reject(new Error('a variable condition looks at nothing else'));

function facts(values: Record<string, string>): ConditionFacts {
  const system = { file: NOTHING, folder: NOTHING, registryKeyExists: NOTHING, registryValue: NOTHING };
  return {
    variables: variables(values),
    machine: aMachine(),
    system: { ...system, installedSoftware: NOTHING, environment: () => undefined },
  };
}

function variables(values: Record<string, string>): Variables {
  const all = new Variables();
  for (const [name, value] of Object.entries(values)) all.set(name, value);
  return all;
}

async function holds(condition: unknown, values: Record<string, string> = {}): Promise<boolean> {
  return (await evaluateCondition(Condition.parse(condition), facts(values))).holds;
}

/** The operators that hold between two values. */
async function holding(compare: Compare, actual: string | undefined, value: string): Promise<Operator[]> {
  const values: Record<string, string> = actual === undefined ? {} : { A: actual };
  const asked = OPERATORS.map((operator) => holds({ variable: 'A', operator, value, compare }, values));
  const answers = await Promise.all(asked);
  return OPERATORS.filter((_, index) => answers[index]);
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
    ['auto', '10', '9', MORE],
    ['auto', '-1', '1', LESS],
    ['auto', '10.0.19041', '6', MORE],
    ['auto', '10.0.9', '10.0.10', LESS],
    ['auto', 'b', 'A', MORE],
    ['auto', 'True', 'TRUE', SAME],
    ['auto', '010', '10', ['notEquals', 'lessEqual', 'greaterEqual']],
    ['auto', '10', '', APART],
  ])('%s: %j with %j', async (compare, actual, value, expected) => {
    expect(await holding(compare, actual, value)).toEqual(expected);
  });
});

describe('an unset variable', () => {
  it.each<[Compare, string, Operator[]]>([
    ['text', 'x', LESS],
    ['text', '', SAME],
    ['number', '0', APART],
    ['version', '0', APART],
    ['auto', '6', APART],
    ['auto', 'x', APART],
    ['auto', '', ['equals']],
  ])('as %s with %j', async (compare, value, expected) => {
    expect(await holding(compare, undefined, value)).toEqual(expected);
  });

  it('is told from a set one', async () => {
    expect(await holds({ variable: 'A', operator: 'exists' })).toBe(false);
    expect(await holds({ variable: 'A', operator: 'exists' }, { a: '0' })).toBe(true);
    expect(await holds({ variable: 'A', operator: 'notExists' })).toBe(true);
    expect(await holds({ variable: 'A', operator: 'notExists' }, { a: '0' })).toBe(false);
  });
});

it('compares with equals and as text unless told', async () => {
  expect(await holds({ variable: 'A', value: 'x' }, { A: 'X' })).toBe(true);
  expect(await holds({ variable: 'A', value: '1' }, { A: '1.0' })).toBe(false);
});

it('replaces variables in the value it compares with', async () => {
  expect(await holds({ variable: 'A', value: '%B%-1' }, { A: 'x-1', B: 'x' })).toBe(true);
  expect(await holds({ variable: 'A', value: '%C%' }, { A: '%C%' })).toBe(true);
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
  ])('%j is %s', async (condition, expected) => {
    expect(await holds(condition, { A: '1' })).toBe(expected);
  });

  it.each([{ all: [] }, { any: [yes], none: [no] }, {}, { not: yes }, { all: yes }, { ...yes, compare: 'date' }])(
    'cannot be written as %j',
    (condition) => {
      expect(Condition.safeParse(condition).success).toBe(false);
    },
  );
});

it('says why', async () => {
  const condition = Condition.parse({
    all: [
      { variable: 'Model', value: '%Want%' },
      { variable: 'B', operator: 'exists' },
    ],
  });
  expect((await evaluateCondition(condition, facts({ Model: 'X1', Want: 'X2' }))).why).toBe(
    'all of (Model ("X1") equals "X2" is false, B (not set) exists is false) is false',
  );
});

it('without an operator asks whether the variable exists, or with a value whether it equals', async () => {
  const conditions = [
    { variable: 'A' },
    { variable: 'B' },
    { variable: 'A', value: 'X' },
    { variable: 'B', value: 'x' },
  ];
  const answers = await Promise.all(conditions.map((condition) => holds(condition, { A: 'x' })));
  expect(answers).toEqual([true, false, true, false]);
});

describe('like', () => {
  it.each<[string | undefined, string, boolean]>([
    ['Dell Inc.', '*Dell*', true],
    ['Dell Inc.', 'dell*', true],
    ['Dell Inc.', 'dell', false],
    ['Hewlett-Packard', '*hewlett*packard*', true],
    ['Surface Pro 3', '*pro ?', true],
    ['Surface Pro', '*pro ?', false],
    ['50% [a]', '50% [a]', true],
    ['', '*', false],
    [undefined, '*', false],
    ['%Make%', '%Make%', true],
  ])('%j fits %j: %s', async (actual, value, expected) => {
    const values: Record<string, string> = actual === undefined ? {} : { A: actual };
    expect(await holds({ variable: 'A', operator: 'like', value }, values)).toBe(expected);
    expect(await holds({ variable: 'A', operator: 'notLike', value }, values)).toBe(!expected);
  });
});
