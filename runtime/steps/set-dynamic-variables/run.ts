import { expandText } from '../../contract/variables.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import type { Run } from '../context.ts';
import { holdsSecret } from '../holds-secret.ts';
import { evaluateRule } from './evaluate-rule.ts';
import { inventoryVariables } from './inventory-variables.ts';

/** In order, each with what the rules before it have set: also the %names% in values that had no value before. */
export const runSetDynamicVariables: Run<StepOptions<'set-dynamic-variables'>> = async ({ rules }, context) => {
  const { facts, variables, log } = context;
  for (const [name, value] of inventoryVariables(context.machine)) variables.set(name, value);
  for (const [index, rule] of rules.entries()) {
    const { holds, why } = await evaluateRule(rule.if, facts);
    log('info', `rule ${index + 1}: ${why}`);
    if (!holds) continue;
    for (const wanted of rule.variables) {
      const value = expandText(wanted.value, variables);
      const secret = wanted.secret || holdsSecret(value, variables);
      variables.set(wanted.name, value, { secret });
      log('info', `${wanted.name} is ${secret ? '********' : `"${value}"`}`);
    }
  }
};
