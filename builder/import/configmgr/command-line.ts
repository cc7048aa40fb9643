import { deploymentShareCommand } from '../deployment-share.ts';
import { flag, leftOut, type Notes, optional, type PlainStep, type StepMapper } from '../mapping.ts';
import { type SourceStep, type SourceVariable, textOf } from '../model.ts';
import { hideSecrets } from '../secrets.ts';

/** Longer ones ConfigMgr itself does not take. */
const MOST_CHARACTERS = 32000;

export const runCommandLine: StepMapper = (step, notes) => {
  const { packageId, command } = commandOf(step);
  if (command === '') return leftOut('it has no command line');
  if (command.length > MOST_CHARACTERS) return leftOut(`its command line is longer than ${MOST_CHARACTERS} characters`);
  const share = deploymentShareCommand(command, notes);
  if (share !== undefined && packageId !== '')
    notes.changed('it is started in the copy of the deployment share, not of its own package');
  const shown = withoutSecrets(share?.command ?? command, notes);
  const folder = step.startIn.trim() || textOf(step.variables, 'WorkingDirectory');
  return {
    step: 'run-command-line',
    command: shown,
    ...optional('package', share?.package ?? (packageId === '' ? undefined : notes.supply('package', packageId))),
    ...(!/^%?(scriptroot|deployroot)%?$/i.test(folder) && optional('workingDirectory', folder)),
    ...outputVariable(textOf(step.variables, 'SMSTSRunCommandLineOutputVariableName'), notes),
    ...(flag(textOf(step.variables, 'SMSTSDisableWow64Redirection')) && { disableWow64Redirection: true }),
    ...runAs(step, 'SMSTSRunCommandLine', notes),
  };
};

/** The program with its package: from the variables, else out of `smsswd.exe /run:PACKAGE command`. */
export function commandOf({ variables, action }: SourceStep): { packageId: string; command: string } {
  const [, inAction = '', rest] = /^smsswd\.exe\s+\/run:(\S*)\s*(.*)$/is.exec(action) ?? [];
  const command = textOf(variables, 'CommandLine') || (rest ?? action);
  return { packageId: textOf(variables, 'PackageID') || inAction, command: command.trim() };
}

/** Where a secret was found: how the report calls it, the variable for it, and whether it stands in a script. */
type SecretPlace = { field: string; variable: string; words: string; script?: boolean };

/** A command line, or another text, in which no password stands. */
export function withoutSecrets(
  command: string,
  notes: Notes,
  { field, variable, words, script = false }: SecretPlace = COMMAND,
): string {
  let count = 0;
  const hidden = hideSecrets(
    command,
    () => {
      count++;
      return notes.password(field, count === 1 ? variable : `${variable}${count}`);
    },
    { script },
  );
  if (count > 0) notes.changed(`a password in its ${words} is a variable now`);
  return hidden;
}

const COMMAND: SecretPlace = { field: 'command', variable: 'CommandSecret', words: 'command line' };
export const PARAMETERS: SecretPlace = { field: 'parameters', variable: 'ParameterSecret', words: 'parameters' };
export const SCRIPT: SecretPlace = { field: 'sourceScript', variable: 'ScriptSecret', words: 'script', script: true };

/** An output variable whose name the engine lets a sequence set. */
export function outputVariable(name: string, { changed }: Notes): Partial<PlainStep> {
  if (name === '') return {};
  if (/^[A-Za-z][A-Za-z0-9_-]*$/.test(name)) return { outputVariable: name };
  changed(`its output goes nowhere: "${name}" cannot be set`);
  return {};
}

/** The account a program runs as, where it is another one than Local System. */
export function runAs(step: SourceStep, prefix: string, notes: Notes): Partial<PlainStep> {
  const account = accountOf(step.variables, prefix);
  if (account === '') return {};
  if (step.runIn.toLowerCase() === 'winpe') {
    notes.changed('it runs as Local System: there is no other account in Windows PE');
    return {};
  }
  if (step.runIn.toLowerCase() !== 'fullos') notes.changed('it runs as another user: in Windows PE there is none');
  return { runAs: { account, password: notes.password('runAs.password', `${prefix}UserPassword`) } };
}

function accountOf(variables: readonly SourceVariable[], prefix: string): string {
  const asUser = variables.find(({ property }) => property === 'RunAsUser')?.value ?? '';
  return flag(asUser) ? textOf(variables, `${prefix}UserName`) : '';
}
