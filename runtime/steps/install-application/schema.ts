import { z } from 'zod';
import { ContentName } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';
import { VariableName } from '../../contract/variables.ts';

export const installApplication = defineStep(
  'install-application',
  {
    title: 'Install Application',
    summary: 'Installs applications, with what they depend on, in the running Windows.',
    runsOn: ['windows'],
    destructive: false,
    reboots: false,
    repeatable: false,
  },
  {
    applications: z
      .array(ContentName)
      .min(1)
      .optional()
      .describe('Names of applications in media.yaml, in the order in which they are installed'),
    baseVariable: VariableName.optional().describe(
      'Instead of applications: with APPS, APPS01, APPS02 and so on hold a name each, up to the first that is not set',
    ),
    candidates: z
      .array(ContentName)
      .default([])
      .describe('With baseVariable: applications that the variables may name; they are put on the medium'),
    continueOnFailure: z.boolean().default(false).describe('true: the others follow when one fails'),
    retriesAfterUnexpectedRestart: z
      .int()
      .min(0)
      .max(5)
      .default(2)
      .describe(
        'How often the step is tried again when the machine restarts or is cut off in its middle; what has been installed before that is not installed again. 0: it has failed then',
      ),
  },
  {
    needs: ({ applications, candidates }) => ({ applications: applications ?? candidates }),
    sets: () => ['_TSAppInstallStatus'],
    retriesAfterCut: ({ retriesAfterUnexpectedRestart }) => retriesAfterUnexpectedRestart,
    problems: ({ applications, baseVariable, candidates }) => {
      if ((applications === undefined) === (baseVariable === undefined))
        return ['give either applications or baseVariable'];
      return applications !== undefined && candidates.length > 0 ? ['candidates need baseVariable'] : [];
    },
  },
);
