import { z } from 'zod';
import { Command, ContentName } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';
import { VariableName } from '../../contract/variables.ts';

export const installPackage = defineStep(
  'install-package',
  {
    title: 'Install Package',
    summary: 'Runs a program of a package in the running Windows, or those that a list of variables names.',
    runsOn: ['windows'],
    destructive: false,
    reboots: false,
    repeatable: false,
    successCodes: [0, 1641, 3010],
  },
  {
    package: ContentName.optional().describe('The name of a package in media.yaml'),
    command: Command.optional().describe(
      'The program of the package and its arguments: one text, or a list with one each',
    ),
    baseVariable: VariableName.optional().describe(
      'Instead of package and command: with PACKAGES, PACKAGES001, PACKAGES002 and so on hold package:command each, up to the first that is not set',
    ),
    candidates: z
      .array(ContentName)
      .default([])
      .describe('With baseVariable: packages that the variables may name; they are put on the medium'),
    continueOnFailure: z.boolean().default(false).describe('With baseVariable, true: the others follow when one fails'),
  },
  {
    needs: (options) => ({ packages: options.package === undefined ? options.candidates : [options.package] }),
    problems: (options) => {
      const { command, baseVariable, candidates, continueOnFailure } = options;
      if (baseVariable === undefined) {
        if (options.package === undefined || command === undefined)
          return ['give package and command, or baseVariable'];
        return candidates.length > 0 || continueOnFailure ? ['candidates and continueOnFailure need baseVariable'] : [];
      }
      if (options.package === undefined && command === undefined) return [];
      return ['baseVariable stands instead of package and command'];
    },
  },
);
