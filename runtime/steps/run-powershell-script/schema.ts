import { z } from 'zod';
import { ContentName, RunAs, runAsFromVariables } from '../../contract/option-fields.ts';
import { defineStep } from '../../contract/step.ts';
import { WritableVariableName } from '../../contract/variables.ts';

export const runPowershellScript = defineStep(
  'run-powershell-script',
  {
    title: 'Run PowerShell Script',
    summary: 'Runs a script by Windows PowerShell and judges its exit code. WinPE must have its PowerShell component.',
    runsOn: ['winpe', 'windows'],
    destructive: false,
    reboots: false,
    repeatable: false,
    successCodes: [0, 3010],
  },
  {
    package: ContentName.optional().describe('The package in media.yaml that the script is in'),
    scriptName: z.string().min(1).max(255).optional().describe('The path of the script in the package'),
    sourceScript: z.string().min(1).optional().describe('The script itself, instead of one from a package'),
    parameters: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .describe(
        'Its parameters: one text as a command line takes them (only double quotes hold words together), or a list. Not logged unless OSDLogPowerShellParameters is true',
      )
      .meta({ variable: 'OSDRunPowerShellScriptParameters' }),
    executionPolicy: z
      .enum(['AllSigned', 'Undefined', 'Bypass'])
      .default('AllSigned')
      .describe('AllSigned: only scripts a trusted publisher has signed; Undefined: as Windows has it; Bypass: all')
      .meta({ variable: 'OSDRunPowerShellScriptExecutionPolicy' }),
    outputVariable: WritableVariableName.optional().describe(
      'The variable that receives the last 1000 characters of its output',
    ),
    workingDirectory: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('The folder it is started in; by default the copy of its package')
      .meta({ variable: 'SMSTSRunPowerShellWorkingDirectory' }),
    runAs: RunAs.optional().describe(
      'Full OS only: the account it runs as instead of Local System, as a task of the Task Scheduler. The SMSTSRunPowerShell variables override it',
    ),
  },
  {
    needs: (options) => ({ packages: options.package === undefined ? [] : [options.package] }),
    sets: ({ outputVariable }) => (outputVariable === undefined ? [] : [outputVariable]),
    fromVariables: (get) => runAsFromVariables('SMSTSRunPowerShell', get),
    problems: (options) => {
      const { scriptName, sourceScript } = options;
      if ((scriptName === undefined) === (sourceScript === undefined))
        return ['give either scriptName or sourceScript'];
      if (scriptName !== undefined && options.package === undefined) return ['scriptName needs package'];
      return [];
    },
  },
);
