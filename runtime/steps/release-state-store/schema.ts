import { z } from 'zod';
import { StateStorePath } from '../../contract/option-fields.ts';
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
    storePath: StateStorePath,
    deleteStore: z.boolean().default(false).describe('true: the store is deleted: its user state is restored'),
  },
);
