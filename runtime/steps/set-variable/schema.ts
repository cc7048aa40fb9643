import { z } from 'zod';
import { defineStep } from '../../contract/step.ts';
import { WritableVariableName } from '../../contract/variables.ts';

export const setVariable = defineStep(
  'set-variable',
  {
    title: 'Set Task Sequence Variable',
    summary: 'Gives a variable a value for the steps that follow.',
    runsOn: ['winpe', 'windows', 'linux'],
    destructive: false,
    reboots: false,
    repeatable: true,
  },
  {
    variable: WritableVariableName.describe('Its name'),
    value: z.string().max(4000).describe('Its value; an empty one deletes the variable'),
    secret: z.boolean().default(false).describe('true: its value is shown nowhere, neither on the screen nor in logs'),
  },
  { sets: ({ variable }) => [variable] },
);
