import { z } from 'zod';
import { defineStep } from '../../contract/step.ts';

export const restartComputer = defineStep(
  'restart-computer',
  {
    title: 'Restart Computer',
    summary: 'Restarts the machine and goes on with the next step, if there is one.',
    runsOn: ['winpe', 'windows', 'linux'],
    destructive: false,
    reboots: true,
    repeatable: true,
  },
  {
    target: z
      .enum(['winpe', 'full-os'])
      .default('full-os')
      .describe('What is started: winpe: the boot environment, ours on Linux too; full-os: the Windows on the disk'),
    message: z
      .string()
      .max(512)
      .optional()
      .describe('Shown while it waits; by default what SMSTSRebootMessage says')
      .meta({ variable: 'SMSRebootMessage' }),
    delaySeconds: z
      .int()
      .min(0)
      .max(3600)
      .optional()
      .describe('How long to wait first; by default as SMSTSRebootDelay says, else not at all')
      .meta({ variable: 'SMSRebootTimeout' }),
  },
  { continuesIn: ({ target }) => target },
);
