import { z } from 'zod';
import { defineStep } from '../../contract/step.ts';

export const restartComputer = defineStep(
  'restart-computer',
  {
    title: 'Restart Computer',
    summary: 'Ends the sequence and restarts the machine into what has been deployed.',
    runsOn: ['winpe', 'linux'],
    destructive: false,
    reboots: true,
  },
  {
    message: z.string().max(500).optional().describe('Shown while it waits'),
    delaySeconds: z.int().min(0).max(3600).default(0).describe('How long to wait first'),
  },
);
