import type { StepOptions } from '../../sequence/schema.ts';
import type { Run } from '../context.ts';
import { holdsSecret } from '../holds-secret.ts';

/** A value made from a secret is one. */
export const runSetVariable: Run<StepOptions<'set-variable'>> = async ({ variable, value, ...options }, context) => {
  const secret = options.secret || holdsSecret(value, context.variables);
  context.variables.set(variable, value, { secret });
  const shown = secret ? '********' : `"${value}"`;
  context.log('info', value === '' ? `${variable} is deleted` : `${variable} is ${shown}`);
};
