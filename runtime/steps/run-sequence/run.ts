import type { StepOptions } from '../../sequence/schema.ts';
import type { Run } from '../context.ts';

export const runRunSequence: Run<StepOptions<'run-sequence'>> = async () => {
  throw new Error('a child sequence stands in its parent before it is run');
};
