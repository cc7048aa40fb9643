import type { StepOptions } from '../../sequence/schema.ts';
import type { AnswerFile } from '../answer-file/document.ts';
import { hiddenPassword, randomPassword } from '../answer-file/password.ts';
import { editAnswerFile } from '../answer-file.ts';
import type { Run } from '../context.ts';
import { hideSecret } from '../hide-secret.ts';
import { refuseUnset } from '../unset-variables.ts';

type Options = StepOptions<'apply-windows-settings'>;

const SETUP = 'Microsoft-Windows-Shell-Setup';
const LANGUAGES = 'Microsoft-Windows-International-Core';
const PASSWORD_ELEMENT = 'AdministratorPassword';
const ADMINISTRATOR = `UserAccounts/${PASSWORD_ELEMENT}`;

export const runApplyWindowsSettings: Run<Options> = async (options, context) => {
  const { administrator, productKey, serverLicenseMode } = options;
  refuseUnset({ ...options, ...(typeof administrator === 'object' && administrator) });
  hideSecret(context.variables, productKey);
  const password = typeof administrator === 'object' ? administrator.password : randomPassword();
  for (const secret of [password, hiddenPassword(password, PASSWORD_ELEMENT)]) hideSecret(context.variables, secret);
  const path = await editAnswerFile(context, (answers) => writeWindowsSettings(answers, options, password));
  context.log('info', `answer file written: ${path}`);
  if (administrator === 'random-and-disabled')
    context.log('info', 'the Administrator account gets a random password that is kept nowhere, and is disabled');
  if (serverLicenseMode !== undefined)
    context.log('warning', 'no Windows Server since 2008 has a licence mode to set: serverLicenseMode is left out');
};

/**
 * Settings by the names of Microsoft's "Unattended Windows Setup Reference". `password`: the Administrator's, where the
 * options say anything of that account.
 */
export function writeWindowsSettings(answers: AnswerFile, options: Options, password: string): void {
  answers.set('specialize', SETUP, 'ComputerName', options.computerName);
  answers.set('specialize', SETUP, 'ProductKey', options.productKey);
  answers.set('specialize', SETUP, 'RegisteredOwner', options.registeredUser);
  answers.set('specialize', SETUP, 'RegisteredOrganization', options.organization);
  answers.set('specialize', SETUP, 'TimeZone', options.timeZone);
  answers.set('oobeSystem', LANGUAGES, 'InputLocale', options.inputLocale);
  answers.set('oobeSystem', LANGUAGES, 'SystemLocale', options.systemLocale);
  answers.set('oobeSystem', LANGUAGES, 'UILanguage', options.uiLanguage);
  answers.set('oobeSystem', LANGUAGES, 'UILanguageFallback', options.uiLanguageFallback);
  answers.set('oobeSystem', LANGUAGES, 'UserLocale', options.userLocale);
  if (options.acceptEula) answers.set('oobeSystem', SETUP, 'OOBE/HideEULAPage', 'true');
  if (options.administrator === undefined) return;
  answers.set('oobeSystem', SETUP, `${ADMINISTRATOR}/Value`, hiddenPassword(password, PASSWORD_ELEMENT));
  answers.set('oobeSystem', SETUP, `${ADMINISTRATOR}/PlainText`, 'false');
  // The password leaves the account as it is in the image, which is disabled in a client: a command decides that.
  const action = options.administrator === 'random-and-disabled' ? 'Disable' : 'Enable';
  answers.runOnce(administratorCommand(action), 'Administrator account');
}

/** By its well-known identifier: the account has another name in other languages. Windows takes 259 characters here. */
export function administratorCommand(action: 'Enable' | 'Disable'): string {
  const script = `Get-LocalUser | Where-Object SID -Like 'S-1-5-21-*-500' | ${action}-LocalUser`;
  return `powershell.exe -NoLogo -NoProfile -NonInteractive -Command "${script}"`;
}
