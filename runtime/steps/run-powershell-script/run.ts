import { isTrue } from '../../contract/option-fields.ts';
import { parseArguments } from '../../host/command-line.ts';
import type { Argv } from '../../host/exec.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { runCommand } from '../command.ts';
import type { Run, StepContext } from '../context.ts';
import { joinPath } from '../join-path.ts';
import { LastOutput } from '../last-output.ts';
import { powershellProgram } from '../powershell.ts';
import { workFolder } from '../work-folder.ts';

type Options = StepOptions<'run-powershell-script'>;

export const runRunPowershellScript: Run<Options> = async (options, context) => {
  const { executionPolicy, runAs, outputVariable } = options;
  const { folder, temporary } = await workFolder(options, context);
  const script = await scriptFile(options, temporary, context);
  const parameters = typeof options.parameters === 'string' ? parseArguments(options.parameters) : options.parameters;
  const wish = { program: powershellProgram(context), executionPolicy, script };
  const argv = scriptArgv({ ...wish, parameters: parameters ?? [] });
  const logged = isTrue(context.variables.get('OSDLogPowerShellParameters'));
  const shown = (logged ? argv : scriptArgv({ ...wish, parameters: [] })).join(' ');
  const output = new LastOutput();
  try {
    const as = runAs && { runAs, granted: temporary };
    await runCommand({ command: argv, folder, as, shown, onLine: output.add }, context);
  } finally {
    if (outputVariable !== undefined) context.variables.set(outputVariable, output.text);
  }
};

type ScriptWish = {
  program: string;
  executionPolicy: Options['executionPolicy'];
  script: string;
  parameters: readonly string[];
};

/**
 * By -File, what follows the script are its parameters and never code. `Undefined` leaves the policy as Windows has it
 * (Microsoft: "about_PowerShell_exe").
 */
export function scriptArgv({ program, executionPolicy, script, parameters }: ScriptWish): Argv {
  const policy = executionPolicy === 'Undefined' ? [] : ['-ExecutionPolicy', executionPolicy];
  return [program, '-NoLogo', '-NoProfile', '-NonInteractive', ...policy, '-File', script, ...parameters];
}

const BYTE_ORDER_MARK = '\ufeff';
const SIGNATURE = '# SIG # Begin signature block';

/** Without the mark, Windows PowerShell reads a script in the system's 8-bit code page. */
async function scriptFile(
  { scriptName, sourceScript, executionPolicy }: Options,
  folder: string,
  context: StepContext,
): Promise<string> {
  if (sourceScript === undefined) return joinPath(folder, scriptName ?? '');
  if (executionPolicy === 'AllSigned' && !sourceScript.includes(SIGNATURE)) {
    context.log('warning', 'the script is not signed, and executionPolicy is AllSigned: PowerShell will not run it');
  }
  const { write } = await context.temporaryFolder();
  return write('script.ps1', `${BYTE_ORDER_MARK}${sourceScript}`);
}
