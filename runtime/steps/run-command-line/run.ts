import type { StepOptions } from '../../sequence/schema.ts';
import { runCommand } from '../command.ts';
import type { Run } from '../context.ts';
import { LastOutput } from '../last-output.ts';
import { workFolder } from '../work-folder.ts';

export const runRunCommandLine: Run<StepOptions<'run-command-line'>> = async (options, context) => {
  const { command, runAs, outputVariable } = options;
  const { folder, temporary } = await workFolder(options, context);
  const output = new LastOutput();
  try {
    const as = runAs && { runAs, granted: temporary };
    await runCommand({ command, folder, as, onLine: output.add }, context);
  } finally {
    if (outputVariable !== undefined) context.variables.set(outputVariable, output.text);
  }
};
