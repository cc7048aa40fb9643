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
    retryCount: z
      .int()
      .min(0)
      .max(600)
      .optional()
      .describe('How often a share that does not answer is tried again; by default not at all')
      .meta({ variable: 'OSDStateSMPRetryCount' }),
    retrySeconds: z
      .int()
      .min(0)
      .max(600)
      .optional()
      .describe('How long is waited before that; by default 10 seconds')
      .meta({ variable: 'OSDStateSMPRetryTime' }),
    account: z.string().min(1).max(255).optional().describe('The account for the share: DOMAIN\\user'),
    password: z.string().max(255).optional().describe('Its password').meta(SECRET),
  },
  { sets: () => ['OSDStateStorePath', '_SMSTSUserStatePath'] },
);
