import { setTimeout } from 'node:timers/promises';
import type { StepOptions } from '../../sequence/schema.ts';
import type { Run } from '../context.ts';

/** Only the waiting is here: the engine ends the sequence after a step whose traits say that it reboots. */
export const runRestartComputer: Run<StepOptions<'restart-computer'>> = async ({ message, delaySeconds }, context) => {
  if (message !== undefined) context.log('info', message);
  await setTimeout(delaySeconds * 1000, undefined, { signal: context.signal });
};
