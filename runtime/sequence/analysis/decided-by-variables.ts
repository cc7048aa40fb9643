import type { Variables } from '../../contract/variables.ts';
import { evaluateVariable } from '../condition/variable.ts';
import { type Condition, variablesRead } from '../condition.ts';

/**
 * What a condition comes to wherever the machine is started next, as far as variables of the sequence and the end of the
 * last step decide it. Undefined where it asks the machine, or the engine of where it runs.
 */
export function decidedByVariables(condition: Condition, variables: Variables): boolean | undefined {
  if ('all' in condition) return every(condition.all, true, variables);
  if ('any' in condition) return not(every(condition.any, false, variables));
  if ('none' in condition) return every(condition.none, false, variables);
  if (!('variable' in condition) || !variablesRead(condition).every(stays)) return undefined;
  return evaluateVariable(condition, variables).holds;
}

/** Whether every part comes to what is wanted. */
function every(parts: readonly Condition[], wanted: boolean, variables: Variables): boolean | undefined {
  const decided = parts.map((part) => decidedByVariables(part, variables));
  if (decided.includes(!wanted)) return false;
  return decided.includes(undefined) ? undefined : true;
}

function not(decided: boolean | undefined): boolean | undefined {
  return decided === undefined ? undefined : !decided;
}

/** The engine's own names tell of the machine and of where it runs, but for those of the last step. */
function stays(name: string): boolean {
  return !name.startsWith('_') || /^_SMSTSLastAction/i.test(name);
}
