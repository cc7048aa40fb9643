import { z } from 'zod';
import { SECRET } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';

export const requestStateStore = defineStep(
  'request-state-store',
  {
    title: 'Request State Store',
    summary: 'Makes ready the place that user state is captured to or restored from, and connects to it.',
    runsOn: ['winpe', 'windows'],
    destructive: false,
    reboots: false,
    repeatable: true,
  },
  {
    requestType: z
      .enum(['capture', 'restore'])
      .describe('capture: the store is made; restore: it must be there already'),
    storePath: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe(
        'The folder of the store, on a local disk or a share; by default one that the engine keeps on the local disk',
      )
      .meta({ variable: 'OSDStateStorePath' }),
    account: z.string().min(1).max(255).optional().describe('The account for the share: DOMAIN\\user'),
    password: z.string().max(255).optional().describe('Its password').meta(SECRET),
  },
  { sets: () => ['OSDStateStorePath', '_SMSTSUserStatePath'] },
);
