import { MediasmithError } from '../../contract/errors.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { editAnswerFile } from '../answer-file.ts';
import type { Run } from '../context.ts';

export const runApplyWindowsSettings: Run<StepOptions<'apply-windows-settings'>> = async (options, context) => {
  refuseUnset(options);
  if (options.productKey !== undefined) context.variables.set('OSDProductKey', options.productKey, { secret: true });
  const path = await editAnswerFile(context, (answers) => {
    const setup = 'Microsoft-Windows-Shell-Setup';
    const languages = 'Microsoft-Windows-International-Core';
    answers.set('specialize', setup, 'ComputerName', options.computerName);
    answers.set('specialize', setup, 'ProductKey', options.productKey);
    answers.set('specialize', setup, 'RegisteredOwner', options.registeredUser);
    answers.set('specialize', setup, 'RegisteredOrganization', options.organization);
    answers.set('specialize', setup, 'TimeZone', options.timeZone);
    answers.set('oobeSystem', languages, 'InputLocale', options.inputLocale);
    answers.set('oobeSystem', languages, 'SystemLocale', options.systemLocale);
    answers.set('oobeSystem', languages, 'UILanguage', options.uiLanguage);
    answers.set('oobeSystem', languages, 'UserLocale', options.userLocale);
    if (options.acceptEula) answers.set('oobeSystem', setup, 'OOBE/HideEULAPage', 'true');
  });
  context.log('info', `answer file written: ${path}`);
};

/** An unset %variable% stays in a text as it stands; in an answer file Windows would take it for the name of the computer. */
function refuseUnset(options: StepOptions<'apply-windows-settings'>): void {
  const unset = Object.entries(options).filter(
    ([, value]) => typeof value === 'string' && /%[A-Za-z_][\w-]*%/.test(value),
  );
  if (unset.length === 0) return;
  throw new MediasmithError('STEP_FAILED', 'a variable is used that nothing has set', {
    lines: unset.map(([field, value]) => `${field}: ${value}`),
    hint: 'Set it with a set-variable step before this one.',
  });
}
