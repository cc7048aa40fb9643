import { z } from 'zod';
import { defineStep } from '../../contract/step.ts';
import { WritableVariableName } from '../../contract/variables.ts';
import { VariableCondition } from '../../sequence/condition.ts';

const Wanted = z.string().min(1).max(256);

const Computer = z
  .strictObject({
    assetTag: Wanted.optional().describe('Its asset tag'),
    uuid: Wanted.optional().describe('Its SMBIOS UUID'),
    serial: Wanted.optional().describe('Its serial number'),
    macAddress: Wanted.optional().describe('The MAC address of one of its network adapters'),
  })
  .refine((computer) => Object.values(computer).some((value) => value !== undefined), 'name at least one');

export const DynamicCondition = z.union([
  z.strictObject({ computer: Computer.describe('One of these is that of the machine') }),
  z.strictObject({
    location: z
      .strictObject({ gateway: Wanted.describe('One of the default gateways of the machine') })
      .describe('Where the machine is'),
  }),
  z.strictObject({
    makeAndModel: z
      .strictObject({
        make: Wanted.describe('The manufacturer; * stands for any text and ? for a character'),
        model: Wanted.describe('The model, in the same way'),
      })
      .describe('Both must be those of the machine'),
  }),
  VariableCondition,
]);
export type DynamicCondition = z.infer<typeof DynamicCondition>;

const DynamicRule = z.strictObject({
  if: DynamicCondition.optional().describe('When the rule holds; without it, always'),
  variables: z
    .array(
      z.strictObject({
        name: WritableVariableName.describe('The name of the variable'),
        value: z.string().max(4000).describe('Its value; an empty one deletes the variable'),
        secret: z.boolean().default(false).describe('true: its value is shown nowhere'),
      }),
    )
    .min(1)
    .describe('What is set when it holds'),
});

export const setDynamicVariables = defineStep(
  'set-dynamic-variables',
  {
    title: 'Set Dynamic Variables',
    summary: 'Reads what the machine is into variables and sets others by rules.',
    runsOn: ['winpe', 'windows', 'linux'],
    destructive: false,
    reboots: false,
    repeatable: true,
  },
  { rules: z.array(DynamicRule).min(1).describe('Rules in order: of all that hold, the later one wins') },
  {
    sets: ({ rules }) => [
      ...MACHINE_VARIABLES,
      ...new Set(rules.flatMap(({ variables }) => variables.map(({ name }) => name))),
    ],
  },
);

const MACHINE_VARIABLES = [
  '_SMSTSMake',
  '_SMSTSModel',
  '_SMSTSMacAddresses',
  '_SMSTSIPAddresses',
  '_SMSTSSerialNumber',
  '_SMSTSAssetTag',
  '_SMSTSUUID',
  '_SMSTSDefaultGateways',
] as const;
