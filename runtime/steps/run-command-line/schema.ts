import { z } from 'zod';
import { Command, ContentName, RunAs, runAsFromVariables } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';
import { WritableVariableName } from '../../contract/variables.ts';

export const runCommandLine = defineStep(
  'run-command-line',
  {
    title: 'Run Command Line',
    summary: 'Runs a program and judges its exit code.',
    runsOn: ['winpe', 'windows', 'linux'],
    destructive: false,
    reboots: false,
    repeatable: false,
    successCodes: [0, 3010],
  },
  {
    command: Command.describe(
      'The program and its arguments: one text as Windows takes a command line, or a list with one each; no shell reads them',
    ),
    package: ContentName.optional().describe('A package in media.yaml: the program is started in a copy of it'),
    workingDirectory: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('The folder it is started in; with a package, a folder of it or a full path')
      .meta({ variable: 'WorkingDirectory' }),
    outputVariable: WritableVariableName.optional().describe(
      'The variable that receives the last 1000 characters of its output',
    ),
    disableWow64Redirection: z
      .boolean()
      .default(false)
      .describe('Taken for sequences of ConfigMgr: this is a 64-bit program, which finds those of System32 in any case')
      .meta({ variable: 'SMSTSDisableWow64Redirection' }),
    runAs: RunAs.optional().describe(
      'Full OS only: the account it runs as instead of Local System, as a task of the Task Scheduler. The SMSTSRunCommandLine variables override it',
    ),
  },
  {
    needs: (options) => ({ packages: options.package === undefined ? [] : [options.package] }),
    sets: ({ outputVariable }) => (outputVariable === undefined ? [] : [outputVariable]),
    fromVariables: (get) => runAsFromVariables('SMSTSRunCommandLine', get),
  },
);
