import type { StepOptions } from '../../sequence/schema.ts';
import type { Run } from '../context.ts';

/** Only what is said of the restart is here: the engine counts down after a step whose traits say that it reboots. */
export const runRestartComputer: Run<StepOptions<'restart-computer'>> = async ({ message, delaySeconds }, context) => {
  context.requestRestart(undefined, 'restart', { message, seconds: delaySeconds });
};
