import type { StepOptions } from '../../sequence/schema.ts';
import type { Run } from '../context.ts';

/** Only the waiting is here: the engine ends the sequence after a step whose traits say that it reboots. */
export const runRestartComputer: Run<StepOptions<'restart-computer'>> = async ({ message, delaySeconds }, context) => {
  if (message !== undefined && message !== '') context.log('info', message);
  if (delaySeconds > 0) context.log('info', `the machine restarts in ${delaySeconds} s`);
  await context.wait(delaySeconds);
};
