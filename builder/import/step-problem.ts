import type { z } from 'zod';
import { placedProblem } from '../../runtime/contract/step.ts';
import { Condition } from '../../runtime/sequence/condition.ts';
import { definitionOf, Step } from '../../runtime/sequence/schema.ts';
import type { PlainFields } from './mapping.ts';

/** Why a step as it is written would be refused, or undefined. */
export function stepProblem(fields: PlainFields): string | undefined {
  const result = Step.safeParse(fields);
  if (!result.success) return inWords(result.error);
  return definitionOf(result.data)
    .problems(result.data as never)
    .map(placedProblem)[0]?.message;
}

/** Why a condition would be refused, or undefined. */
export function conditionProblem(condition: PlainFields): string | undefined {
  const result = Condition.safeParse(condition);
  return result.success ? undefined : inWords(result.error);
}

function inWords({ issues }: z.ZodError): string {
  const [issue] = issues;
  if (issue === undefined) return 'it is not valid';
  const where = issue.path.map(String).join('.');
  return where === '' ? issue.message : `${where}: ${issue.message}`;
}
