import { z } from 'zod';
import { ContentName } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';
import { WritableVariableName } from '../../contract/variables.ts';

export const stageContent = defineStep(
  'stage-content',
  {
    title: 'Stage Package Content',
    summary: 'Copies packages from the medium to the disk, for steps that use them as folders.',
    runsOn: ['winpe', 'windows', 'linux'],
    destructive: false,
    reboots: false,
    repeatable: true,
  },
  {
    packages: z.array(ContentName).min(1).describe('Names of packages in media.yaml'),
    destination: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe(
        'The folder that gets a folder for each package, on the deployed or running Windows unless it names a drive; by default one that is removed when the sequence ends',
      )
      .meta({ variable: 'OSDDownloadDestinationPath' }),
    destinationVariable: WritableVariableName.max(254)
      .optional()
      .describe('With CONTENT, the variables CONTENT01, CONTENT02 and so on receive the folders of the packages'),
    continueOnFailure: z.boolean().default(false).describe('true: the others follow when one fails'),
  },
  {
    needs: ({ packages }) => ({ packages }),
    sets: ({ packages, destinationVariable }) =>
      destinationVariable === undefined
        ? []
        : packages.map((_, index) => `${destinationVariable}${String(index + 1).padStart(2, '0')}`),
  },
);
