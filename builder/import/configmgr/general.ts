import { flag, leftOut, optional, type PlainStep, type StepMapper, whole } from '../mapping.ts';
import { type SourceEntry, type SourceVariable, textOf } from '../model.ts';
import { shownValue } from '../variable-value.ts';
import { outputVariable, PARAMETERS, runAs, SCRIPT, withoutSecrets } from './command-line.ts';
import { nameWithoutEffect } from './without-effect.ts';

const WRITABLE = /^[A-Za-z][A-Za-z0-9_-]{0,255}$/;

export const setVariable: StepMapper = ({ variables, action }, notes) => {
  const [, fromAction = '', textFromAction = ''] = /^tsenv\.exe\s+"([^=]*)=(.*)"/is.exec(action) ?? [];
  const name = textOf(variables, 'VariableName') || fromAction;
  const value = textOf(variables, 'VariableValue') || textFromAction;
  if (name === '') return leftOut('it names no variable');
  if (!WRITABLE.test(name))
    return leftOut(
      `no sequence can set "${name.slice(0, 80)}": names begin with a letter, and those with _ are the engine's`,
    );
  const { secret, ...shown } = shownValue(name, value, flag(textOf(variables, 'DoNotShowVariableValue')), notes);
  if (secret) notes.changed('its value is secret and not taken over');
  nameWithoutEffect(name, notes);
  return { step: 'set-variable', variable: name, ...shown, ...(secret && { secret }) };
};

export const runPowershellScript: StepMapper = (step, notes) => {
  const get = (name: string): string => textOf(step.variables, name);
  const [id, script] = [get('OSDRunPowerShellScriptPackageID'), get('OSDRunPowerShellScriptScriptName')];
  const source = decodeScript(get('OSDRunPowerShellScriptSourceScript'));
  if (script === '' && source === '') return leftOut('it has no script');
  const policy = POLICIES.find(
    (word) => word.toLowerCase() === get('OSDRunPowerShellScriptExecutionPolicy').toLowerCase(),
  );
  return {
    step: 'run-powershell-script',
    ...(script === ''
      ? { sourceScript: withoutSecrets(source, notes, SCRIPT) }
      : { package: notes.supply('package', id), scriptName: script }),
    ...optional('parameters', withoutSecrets(get('OSDRunPowerShellScriptParameters'), notes, PARAMETERS)),
    ...optional('executionPolicy', policy),
    ...outputVariable(get('OSDRunPowerShellScriptOutputVariableName'), notes),
    ...optional('workingDirectory', step.startIn.trim() || get('SMSTSRunPowerShellWorkingDirectory')),
    ...runAs(step, 'SMSTSRunPowerShell', notes),
  };
};

export const restartComputer: StepMapper = ({ variables, action }, notes, { phase, before }) => {
  if (before.some(preparesForCapture)) return leftOut('Prepare Windows for Capture restarts the machine by itself');
  const target = targetOf(variables, action);
  const delay = whole(textOf(variables, 'SMSRebootTimeout') || textOf(variables, 'MessageTimeout'));
  const message = textOf(variables, 'SMSRebootMessage') || textOf(variables, 'Message');
  if (phase === 'POSTINSTALL') {
    notes.changed('Setup Windows restarts the machine and takes the sequence along into the new Windows');
    return { step: 'setup-windows' };
  }
  const toPe = /^winpe$/i.test(target) || (target === '' && phase !== undefined && BEFORE_WINDOWS.includes(phase));
  return {
    step: 'restart-computer',
    ...(toPe && { target: 'winpe' }),
    ...(message !== '' && { message: message.slice(0, 512) }),
    ...(delay !== undefined && delay > 0 && { delaySeconds: Math.min(delay, 3600) }),
  };
};

export const checkReadiness: StepMapper = ({ variables }, { changed }) => {
  const get = (name: string): string => textOf(variables, name);
  const on = (name: string): boolean => flag(get(name));
  const asked = (check: string, name: string): string => (on(check) ? get(name) : '');
  const megabytes = (text: string): string | undefined =>
    /^\d+$/.test(text) && Number(text) > 0 ? `${text} MB` : undefined;
  if (on('OSDCheckCMClientMinVersion')) changed('the version of the ConfigMgr client is not checked: there is none');
  const bits = asked('OSDCheckOSArchitecture', 'OSDOSArchitecture');
  const type = asked('OSDCheckOSType', 'OSDOSType').toLowerCase();
  return {
    step: 'check-readiness',
    ...optional('memory', megabytes(asked('OSDCheckMemory', 'OSDMemory'))),
    ...optional('processorSpeed', whole(asked('OSDCheckProcessorSpeed', 'OSDProcessorSpeed')) || undefined),
    ...optional('freeDiskSpace', megabytes(asked('OSDCheckFreeDiskSpace', 'OSDFreeDiskSpace'))),
    ...(['client', 'server'].includes(type) && { osType: type }),
    ...optional('architecture', { '32': 'x86', '64': 'x64', arm64: 'arm64' }[bits.toLowerCase()]),
    ...optional('minimumOsVersion', asked('OSDCheckMinOSVersion', 'OSDMinOSVersion')),
    ...optional('maximumOsVersion', asked('OSDCheckMaxOsVersion', 'OSDMaxOSVersion')),
    ...optional('osLanguage', whole(asked('OSDCheckOSLanguageID', 'OSDOSLanguageID'))),
    ...(on('OSDCheckDeviceUEFI') && { firmware: 'uefi' }),
    ...(on('OSDCheckPowerState') && { power: 'ac' }),
    ...(on('OSDCheckNetworkConnected') && { networkConnected: true }),
    ...(on('OSDCheckNetworkWired') && { networkWired: true }),
    ...(on('OSDCheckTPMEnabled') && { tpmEnabled: true }),
    ...(on('OSDCheckTPMActivated') && { tpmActivated: true }),
  };
};

export const runSequence: StepMapper = ({ variables }, notes) => {
  const id = textOf(variables, 'OSDSubTasksequencePackageID');
  const name = textOf(variables, 'OSDSubTasksequenceTsName').replace(/^[A-Z0-9]{8}, /i, '');
  if (id === '' && name === '') return leftOut('it names no task sequence');
  return { step: 'run-sequence', sequence: notes.supply('sequence', id || name, name) };
};

export const downloadPackageContent: StepMapper = ({ variables }, { supply, changed }) => {
  const get = (name: string): string => textOf(variables, name);
  const ids = get('OSDDownloadDownloadPackages')
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (ids.length === 0) return leftOut('it names no package');
  const names = new Map(
    ids.map((_, index) => [get(`OSDPackage${index}PackageId`), get(`OSDPackage${index}Name`) || undefined]),
  );
  const location = get('OSDDownloadDestinationLocationType');
  changed('the content is taken from the medium and not downloaded');
  if (/cache$/i.test(location) && !/^ts/i.test(location))
    changed('there is no client cache: it lies in the working folder of the sequence');
  const step: PlainStep = {
    step: 'stage-content',
    packages: ids.map((id) => supply('package', id, names.get(id))),
    ...(/custom/i.test(location) && optional('destination', get('OSDDownloadDestinationPath'))),
    ...(WRITABLE.test(get('OSDDownloadDestinationVariable')) && {
      destinationVariable: get('OSDDownloadDestinationVariable'),
    }),
    ...(flag(get('OSDDownloadContinueDownloadOnError')) && { continueOnFailure: true }),
  };
  return step;
};

/** MDT's action line always says WinPE, whatever is meant: it counts where no variable stands beside it. */
function targetOf(variables: readonly SourceVariable[], action: string): string {
  const named = variables.some(
    ({ name, property }) => /^(SMSReboot)?Target$/i.test(name) || /^Target$/i.test(property),
  );
  if (!named) return /\/target:(\w+)/i.exec(action)?.[1] ?? '';
  return textOf(variables, 'SMSRebootTarget') || textOf(variables, 'Target');
}

function preparesForCapture(entry: SourceEntry): boolean {
  return entry.kind === 'step' && !entry.disabled && /LTISysprep\.wsf/i.test(entry.action) && !/copy/i.test(entry.name);
}

const POLICIES = ['AllSigned', 'Undefined', 'Bypass'] as const;

/** MDT's phases in which a machine that starts again must come back to Windows PE. */
const BEFORE_WINDOWS = ['VALIDATION', 'STATECAPTURE', 'PREINSTALL'];

/** An inline script: Base64 of UTF-16 little-endian with its mark. */
function decodeScript(base64: string): string {
  if (base64 === '') return '';
  const bytes = Buffer.from(base64, 'base64');
  const text = bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.subarray(2).toString('utf16le') : bytes.toString('utf8');
  return text.replace(/\r\n?/g, '\n').replaceAll('\0', '').trimEnd();
}
