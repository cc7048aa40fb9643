import { isMediasmithError, type MediasmithError } from '../../contract/errors.ts';
import type { ConditionFacts } from '../../contract/facts.ts';
import { evaluateFile, evaluateFolder } from './file.ts';
import { evaluateOperatingSystem, evaluateOsLanguage } from './operating-system.ts';
import { evaluateRegistry } from './registry.ts';
import type { Condition, LeafCondition } from './schema.ts';
import { evaluateSoftware } from './software.ts';
import { evaluateVariable } from './variable.ts';
import { notEvaluated, type Verdict } from './verdict.ts';
import { evaluateWql } from './wql.ts';

/**
 * Whether it holds now, and a line that says why. Every part is looked at. A part that cannot be evaluated counts as
 * neither true nor false: where the others decide without it, the line says so; else this throws.
 *
 * @throws MediasmithError `CONDITION_NOT_EVALUATED`, which names the condition, the reason and what to do.
 */
export async function evaluateCondition(condition: Condition, facts: ConditionFacts): Promise<Verdict> {
  if ('variable' in condition) return evaluateVariable(condition, facts.variables);
  if ('all' in condition) return evaluateParts('all', condition.all, facts);
  if ('any' in condition) return evaluateParts('any', condition.any, facts);
  if ('none' in condition) return evaluateParts('none', condition.none, facts);
  try {
    return await evaluateLeaf(condition, facts);
  } catch (error) {
    if (!isMediasmithError(error) || error.code === 'INTERRUPTED') throw error;
    const reason = `the condition on ${titleOf(condition)} cannot be evaluated: ${error.message}`;
    throw notEvaluated(reason, error.hint ?? 'Change the condition, or run the step where it can be evaluated.', error);
  }
}

async function evaluateLeaf(condition: Exclude<LeafCondition, { variable: string }>, facts: ConditionFacts) {
  if ('file' in condition) return evaluateFile(condition, facts);
  if ('folder' in condition) return evaluateFolder(condition, facts);
  if ('registry' in condition) return evaluateRegistry(condition, facts);
  if ('operatingSystem' in condition) return evaluateOperatingSystem(condition, facts);
  if ('osLanguage' in condition) return evaluateOsLanguage(condition, facts);
  if ('software' in condition) return evaluateSoftware(condition, facts);
  return evaluateWql(condition, facts);
}

function titleOf(condition: LeafCondition): string {
  const [kind = '', subject] = Object.entries(condition)[0] ?? [];
  return typeof subject === 'string' ? `${kind} "${subject}"` : `${kind} ${JSON.stringify(subject)}`;
}

async function evaluateParts(word: 'all' | 'any' | 'none', parts: readonly Condition[], facts: ConditionFacts) {
  const lines: string[] = [];
  const count = { true: 0, false: 0 };
  let failure: MediasmithError | undefined;
  for (const part of parts) {
    const outcome = 'variable' in part ? evaluateVariable(part, facts.variables) : await attempt(part, facts);
    if (outcome instanceof Error) failure ??= outcome;
    else count[`${outcome.holds}`] += 1;
    lines.push(outcome instanceof Error ? `${outcome.message}, which decides nothing here` : outcome.why);
  }
  const decided = word === 'all' ? count.false > 0 : count.true > 0;
  if (!decided && failure !== undefined) throw failure;
  const holds = word === 'any' ? decided : !decided;
  return { holds, why: `${word} of (${lines.join(', ')}) is ${holds}` };
}

async function attempt(part: Condition, facts: ConditionFacts): Promise<Verdict | MediasmithError> {
  try {
    return await evaluateCondition(part, facts);
  } catch (error) {
    if (isMediasmithError(error) && error.code === 'CONDITION_NOT_EVALUATED') return error;
    throw error;
  }
}
