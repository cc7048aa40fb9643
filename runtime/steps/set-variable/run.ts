import type { StepOptions } from '../../sequence/schema.ts';
import type { Run } from '../context.ts';

export const runSetVariable: Run<StepOptions<'set-variable'>> = async ({ variable, value }, context) => {
  context.variables.set(variable, value);
};
