import { z } from 'zod';
import { DriveLetter } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';

export const disableBitlocker = defineStep(
  'disable-bitlocker',
  {
    title: 'Disable BitLocker',
    summary: 'Suspends the protection of a drive for some restarts; the drive stays encrypted.',
    runsOn: ['windows'],
    destructive: false,
    reboots: false,
    repeatable: true,
  },
  {
    drive: DriveLetter.optional().describe('The drive; by default the one of the running Windows'),
    restartCount: z
      .int()
      .min(0)
      .max(15)
      .default(1)
      .describe('After how many restarts it is protected again; 0: not by itself. OSDBitLockerRebootCountOverride wins')
      .meta({ variable: 'OSDBitLockerRebootCount' }),
  },
  {
    fromVariables: (get) => {
      const override = get('OSDBitLockerRebootCountOverride');
      return override === undefined ? {} : { restartCount: Number(override) };
    },
  },
);
