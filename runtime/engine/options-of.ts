import type { z } from 'zod';
import { MediasmithError } from '../contract/errors.ts';
import { type OptionProblem, placedProblem } from '../contract/step.ts';
import { expandDeep, type Variables } from '../contract/variables.ts';
import { definitionOf, type Step, stepSchema } from '../sequence/schema.ts';
import type { StepType } from '../steps/schema.ts';
import { secretTexts } from './secret-options.ts';

/**
 * The options a step runs with: what the sequence says, then what ConfigMgr's action variables say instead, with
 * %variables% replaced, held against the schema again, because a value may be none that the option takes.
 */
export function optionsOf(step: Step, variables: Variables): Step {
  // Conditions expand their own texts when they are asked, and may hold %names% of the system.
  const { condition, ...rest } = step;
  const given = { ...rest, ...variableOptions(step, variables) };
  const result = stepSchema(step.step).safeParse(expandDeep(given, variables));
  if (!result.success)
    throw notValid(result.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`));
  for (const text of secretTexts(stepSchema(step.step), result.data)) variables.keepSecret(text);
  const problems = definitionOf(step).problems(result.data as never);
  if (problems.length > 0) throw notValid(problems.map(inWords));
  return { ...result.data, ...(condition !== undefined && { condition }) } as Step;
}

function inWords(problem: OptionProblem): string {
  const { path, message } = placedProblem(problem);
  return path.length === 0 ? message : `${path.join('.')}: ${message}`;
}

function notValid(lines: readonly string[]): MediasmithError {
  return new MediasmithError('STEP_FAILED', 'an option is not valid once its variables are replaced', {
    lines,
    hint: 'Correct the value of the variable, or the option.',
  });
}

/** What variables say of a step instead of the sequence, by its options. */
export function variableOptions(step: Step, variables: Variables): Record<string, unknown> {
  const own: Record<string, unknown> = {};
  for (const { field, variable, schema } of overridesOf(step.step)) {
    const value = variables.get(variable);
    if (value !== undefined) own[field] = typed(value, schema);
  }
  return { ...own, ...definitionOf(step).fromVariables((name) => variables.get(name)) };
}

type Override = { field: string; variable: string; schema: z.ZodType };
const overrides = new Map<StepType, readonly Override[]>();

/** The options of a type of step that a variable may give, from their `meta`. */
function overridesOf(type: StepType): readonly Override[] {
  const known = overrides.get(type);
  if (known !== undefined) return known;
  const found = Object.entries(definitionOf({ step: type }).options).flatMap(([field, schema]) => {
    const variable = (schema as z.ZodType).meta()?.variable;
    return typeof variable === 'string' ? [{ field, variable, schema: schema as z.ZodType }] : [];
  });
  overrides.set(type, found);
  return found;
}

/** A variable's text as what the option takes: a truth value or a number where the text itself is none it takes. */
function typed(text: string, schema: z.ZodType): unknown {
  if (schema.safeParse(text).success) return text;
  if (/^(true|yes)$/i.test(text)) return true;
  if (/^(false|no)$/i.test(text)) return false;
  return /^-?\d+$/.test(text) ? Number(text) : text;
}
