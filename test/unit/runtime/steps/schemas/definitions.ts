import { expect } from 'vitest';
import { z } from 'zod';
import { placedProblem, type StepDefinition } from '../../../../../runtime/contract/step.ts';
import { STEP_DEFINITIONS, type StepType } from '../../../../../runtime/steps/schema.ts';

export const definitions = STEP_DEFINITIONS as unknown as readonly StepDefinition[];

export function definitionOf(type: StepType): StepDefinition {
  const definition = definitions.find((one) => one.type === type);
  if (definition === undefined) throw new Error(`no such step: ${type}`);
  return definition;
}

/** The options with their defaults, or what is wrong with them: of the schema first, then between them. */
export function check(
  type: StepType,
  options: object,
): { options?: Record<string, unknown>; problems: readonly string[] } {
  const definition = definitionOf(type);
  const result = z.strictObject(definition.options).safeParse(options);
  if (!result.success) return { problems: result.error.issues.map(({ message }) => message) };
  return {
    options: result.data,
    problems: definition
      .problems(result.data)
      .map(placedProblem)
      .map(({ message }) => message),
  };
}

export function parse(type: StepType, options: object): Record<string, unknown> {
  const checked = check(type, options);
  expect(checked.problems).toEqual([]);
  return checked.options ?? {};
}

/** What a step's variables give, with names in either case, held against its schema. */
export function fromVariables(type: StepType, variables: Record<string, string>): Record<string, unknown> {
  const values = new Map(Object.entries(variables).map(([name, value]) => [name.toLowerCase(), value]));
  return definitionOf(type).fromVariables((name) => values.get(name.toLowerCase()));
}
