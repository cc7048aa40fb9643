import { z } from 'zod';
import { defineStep } from '../../contract/step.ts';

export const captureWindowsSettings = defineStep(
  'capture-windows-settings',
  {
    title: 'Capture Windows Settings',
    summary: 'Reads settings of the present Windows into the variables that Apply Windows Settings takes.',
    runsOn: ['winpe', 'windows', 'linux'],
    destructive: false,
    reboots: false,
    repeatable: true,
  },
  {
    computerName: z
      .boolean()
      .default(true)
      .describe('true: the name of the computer')
      .meta({ variable: 'OSDMigrateComputerName' }),
    registrationInfo: z
      .boolean()
      .default(true)
      .describe('true: the user and the organisation Windows is registered to')
      .meta({ variable: 'OSDMigrateRegistrationInfo' }),
    timeZone: z.boolean().default(true).describe('true: the time zone').meta({ variable: 'OSDMigrateTimeZone' }),
  },
  {
    sets: ({ computerName, registrationInfo, timeZone }) => [
      ...(computerName ? ['OSDComputerName'] : []),
      ...(registrationInfo ? ['OSDRegisteredUserName', 'OSDRegisteredOrgName'] : []),
      ...(timeZone ? ['OSDTimeZone'] : []),
    ],
  },
);
