import { z } from 'zod';
import { membershipFromVariable, membershipProblems, SECRET } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';

export const joinDomainOrWorkgroup = defineStep(
  'join-domain-or-workgroup',
  {
    title: 'Join Domain or Workgroup',
    summary: 'Makes the running Windows a member of a domain or a workgroup and restarts it.',
    runsOn: ['windows'],
    destructive: false,
    reboots: false,
    repeatable: false,
  },
  {
    workgroup: z
      .string()
      .min(1)
      .max(32)
      .optional()
      .describe('The workgroup to join. OSDJoinType 0 takes it away')
      .meta({ variable: 'OSDJoinWorkgroupName' }),
    domain: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('The domain to join. OSDJoinType 1 takes it away')
      .meta({ variable: 'OSDJoinDomainName' }),
    organizationalUnit: z
      .string()
      .min(1)
      .max(32767)
      .optional()
      .describe('Where the computer is put in the domain: OU=Clients,DC=example,DC=com')
      .meta({ variable: 'OSDJoinDomainOUName' }),
    account: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('The account that may join the domain: DOMAIN\\user')
      .meta({ variable: 'OSDJoinAccount' }),
    password: z
      .string()
      .max(255)
      .optional()
      .describe('Its password')
      .meta({ variable: 'OSDJoinPassword', ...SECRET }),
    skipRestart: z
      .boolean()
      .default(false)
      .describe('true: a later step restarts the machine')
      .meta({ variable: 'OSDJoinSkipReboot' }),
  },
  { fromVariables: (get) => membershipFromVariable(get('OSDJoinType')), problems: membershipProblems },
);
