import { z } from 'zod';
import { redactor } from '../host/exec.ts';
import type { SimulatedStep } from './protocol.ts';
import type { SimulationResult } from './simulate.ts';

/** What stands in place of every secret. */
const MASK = redactor(['secret'])('secret');

const Deeds = {
  actions: z
    .array(z.union([z.strictObject({ command: z.string() }), z.strictObject({ write: z.string() })]))
    .optional(),
  commands: z.array(z.string()).optional(),
  writes: z.array(z.string()).optional(),
};

const ExpectedStep = z.strictObject({
  name: z.string().describe('Steps are looked for in order; those between may be left out'),
  type: z.string().optional(),
  outcome: z.enum(['ran', 'skipped', 'failed', 'disabled']).optional(),
  reason: z.string().optional(),
  conditions: z.array(z.string()).optional(),
  ...Deeds,
});

/** What a simulation is held against: what `simulate --json` prints, of which everything may be left out. */
export const Expectation = z
  .strictObject({
    result: z.enum(['succeeded', 'failed']).optional(),
    failed: z.strictObject({ name: z.string().optional(), reason: z.string().optional() }).optional(),
    steps: z.array(ExpectedStep).default([]),
    ending: z.strictObject(Deeds).optional(),
    variables: z.record(z.string(), z.string()).default({}).describe('An empty value: it must not be set'),
  })
  .meta({ title: 'Mediasmith expectation' });
export type Expectation = z.infer<typeof Expectation>;

/** Where a simulation differs from what was expected of it, a line each; none where it does not. */
export function differences(expected: Expectation, actual: SimulationResult): string[] {
  const lines: string[] = [];
  if (expected.result !== undefined && expected.result !== actual.result)
    lines.push(`result: expected ${expected.result}, was ${actual.result}`);
  for (const field of ['name', 'reason'] as const) {
    const [wanted, found] = [expected.failed?.[field], actual.failed?.[field]].map((value) => JSON.stringify(value));
    if (wanted !== undefined && wanted !== found) lines.push(`failed, ${field}: expected ${wanted}, was ${found}`);
  }
  const names = actual.steps.map(({ name }) => name);
  let from = 0;
  for (const step of expected.steps) {
    const at = names.indexOf(step.name, from);
    const found = actual.steps[at];
    if (found === undefined) {
      lines.push(`step "${step.name}": is not there, or not in this place`);
      continue;
    }
    from = at + 1;
    lines.push(...stepDifferences(step, found));
  }
  for (const field of ['actions', 'commands', 'writes'] as const) {
    const [wanted, found] = [expected.ending?.[field], actual.ending[field]].map((value) => JSON.stringify(value));
    if (wanted !== undefined && wanted !== found) lines.push(`ending, ${field}: expected ${wanted}, was ${found}`);
  }
  const variables = new Map(Object.entries(actual.variables).map(([name, value]) => [name.toLowerCase(), value]));
  for (const [name, value] of Object.entries(expected.variables)) {
    const found = variables.get(name.toLowerCase()) ?? '';
    // What somebody has written down of a secret is not to be shown either.
    if (found === MASK && value !== MASK) lines.push(`variable ${name}: it is secret, expect "${MASK}"`);
    else if (found !== value) lines.push(`variable ${name}: expected "${value}", was "${found}"`);
  }
  return lines;
}

function stepDifferences(expected: z.infer<typeof ExpectedStep>, actual: SimulatedStep): string[] {
  return (['type', 'outcome', 'reason', 'conditions', 'actions', 'commands', 'writes'] as const).flatMap((field) => {
    const [wanted, found] = [expected[field], actual[field]].map((value) => JSON.stringify(value));
    return wanted === undefined || wanted === found
      ? []
      : [`step "${expected.name}", ${field}: expected ${wanted}, was ${found}`];
  });
}
