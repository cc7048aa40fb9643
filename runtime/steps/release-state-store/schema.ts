import { z } from 'zod';
import { defineStep } from '../../contract/step.ts';

export const releaseStateStore = defineStep(
  'release-state-store',
  {
    title: 'Release State Store',
    summary: 'Ends the use of the state store: the connection to it is closed.',
    runsOn: ['winpe', 'windows'],
    destructive: false,
    reboots: false,
    repeatable: true,
  },
  {
    storePath: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('The folder of the store; by default the one that Request State Store has made ready')
      .meta({ variable: 'OSDStateStorePath' }),
    deleteStore: z.boolean().default(false).describe('true: the store is deleted: its user state is restored'),
  },
);
