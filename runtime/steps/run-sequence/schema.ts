import { z } from 'zod';
import { defineStep } from '../../contract/step.ts';

export const runSequence = defineStep(
  'run-sequence',
  {
    title: 'Run Task Sequence',
    summary: 'Runs the steps of another sequence in its place, with the same variables.',
    runsOn: ['winpe', 'windows', 'linux'],
    destructive: false,
    reboots: false,
    repeatable: true,
    failsWhatever: 'its result is that of the sequence it runs, whose steps have lists of their own',
  },
  {
    sequence: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and -')
      .describe('The id of a sequence of the same project'),
  },
  { child: ({ sequence }) => sequence },
);
