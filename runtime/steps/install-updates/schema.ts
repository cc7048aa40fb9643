import { z } from 'zod';
import { ContentName } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';

export const installUpdates = defineStep(
  'install-updates',
  {
    title: 'Install Software Updates',
    summary:
      'Installs the updates (.msu, .cab) of packages: into the deployed Windows by DISM in WinPE, or in the running Windows.',
    runsOn: ['winpe', 'windows'],
    destructive: false,
    reboots: false,
    repeatable: true,
  },
  {
    packages: z
      .array(ContentName)
      .min(1)
      .describe(
        'Packages in media.yaml, in this order; the files of each, not of folders in it, are installed in the order of their names',
      ),
    volume: z
      .string()
      .min(1)
      .default('Windows')
      .describe('WinPE: the volume of the deployed Windows, by its name or %variable% with what names it'),
    continueOnFailure: z.boolean().default(false).describe('true: the others follow when one fails'),
  },
  { needs: ({ packages }) => ({ packages }) },
);
