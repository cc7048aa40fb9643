import { MediasmithError } from '../../contract/errors.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { type Command, runCommand } from '../command.ts';
import { withPackage } from '../content.ts';
import type { Run } from '../context.ts';
import { eachOf } from '../each-of.ts';
import { numberedVariables } from '../numbered-variables.ts';

type Program = { package: string; command: Command };

const DIGITS = 3;

/** A restart that one of several asks for comes after the last. */
export const runInstallPackage: Run<StepOptions<'install-package'>> = async (options, context) => {
  const { baseVariable, continueOnFailure } = options;
  const install = (program: Program) =>
    withPackage(context, program.package, async (folder) => {
      await runCommand({ command: program.command, folder }, context);
    });
  if (baseVariable === undefined) {
    return install({ package: options.package ?? '', command: options.command ?? '' });
  }
  const values = numberedVariables(context.variables, baseVariable, DIGITS);
  if (values.length === 0) context.log('info', `${baseVariable}001 is not set: there is nothing to install`);
  await eachOf(values, { continueOnFailure, name: (value) => value }, context, (value) => install(programOf(value)));
};

/** ConfigMgr's form: the package up to the first colon, then its command line. */
export function programOf(value: string): Program {
  const [, name, command] = /^([^:]+):(.*)$/s.exec(value) ?? [];
  if (name !== undefined && command !== undefined && command.trim() !== '') {
    return { package: name.trim(), command: command.trim() };
  }
  throw new MediasmithError('STEP_FAILED', `"${value}" does not name a package and a command`, {
    hint: 'Write package:command.',
  });
}
