import { z } from 'zod';
import { domainFields, membershipFromVariable, membershipProblems } from '../../contract/option-fields.ts';
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
    ...domainFields({
      joinType: 'OSDJoinType',
      domain: 'OSDJoinDomainName',
      organizationalUnit: 'OSDJoinDomainOUName',
    }),
    skipRestart: z
      .boolean()
      .default(false)
      .describe('true: a later step restarts the machine')
      .meta({ variable: 'OSDJoinSkipReboot' }),
  },
  { fromVariables: (get) => membershipFromVariable(get('OSDJoinType')), problems: membershipProblems },
);
