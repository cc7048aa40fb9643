import { PARAMETERS, withoutSecrets } from '../configmgr/command-line.ts';
import { imageTarget, targetVolume } from '../configmgr/target-volume.ts';
import { leftOut, optional, type StepMapper, whole } from '../mapping.ts';
import { textOf } from '../model.ts';

export const installOs: StepMapper = (step, notes, place) => {
  const id = textOf(step.variables, 'OSGUID');
  return {
    step: 'apply-operating-system',
    image: notes.supply('image', id || '%OSGUID%', id === '' ? 'operating-system' : undefined),
    ...imageTarget(step, notes, place, 'windows'),
  };
};

export const injectDrivers: StepMapper = ({ variables }, { supply, changed }) => {
  const profile = textOf(variables, 'DriverSelectionProfile');
  if (/^nothing$/i.test(profile)) return leftOut('its selection profile "Nothing" has no drivers');
  if (/^all$/i.test(textOf(variables, 'DriverInjectionMode')))
    changed('all drivers of the package are added, as before');
  else changed('all drivers of the package are added, not only those that fit: use a package per model');
  return {
    step: 'apply-driver-package',
    package: supply('driver-package', profile || 'Out-of-box Drivers', profile || 'out-of-box-drivers'),
  };
};

export const installUpdatesOffline: StepMapper = (step, notes, place) => {
  const profile = textOf(step.variables, 'PackageSelectionProfile') || textOf(step.variables, 'PackageID');
  if (/^nothing$/i.test(profile)) return leftOut('its selection profile "Nothing" has no packages');
  return {
    step: 'install-updates',
    packages: [notes.supply('update', profile || 'Packages', profile || 'packages')],
    ...optional('volume', targetVolume(step, notes, place)),
  };
};

export const installApplication: StepMapper = ({ variables, name }, { supply, changed }) => {
  const id = textOf(variables, 'ApplicationGUID');
  if (id !== '') return { step: 'install-application', applications: [supply('application', id, name)] };
  changed(
    'the list is that of the variables Applications01, Applications02 and so on: name what it may hold in "candidates"',
  );
  return { step: 'install-application', baseVariable: 'Applications' };
};

export const validate: StepMapper = ({ variables }, { changed }) => {
  const get = (name: string): string => textOf(variables, name);
  const megabytes = (name: string): string | undefined =>
    (whole(get(name)) ?? 0) > 0 ? `${whole(get(name))} MB` : undefined;
  if (get('VerifyOS') !== '') changed('which Windows runs is not checked: in the boot environment there is none');
  return {
    step: 'check-readiness',
    ...optional('memory', megabytes('ImageMemory')),
    ...optional(
      'processorSpeed',
      (whole(get('ImageProcessorSpeed')) ?? 0) > 0 ? whole(get('ImageProcessorSpeed')) : undefined,
    ),
    ...optional('freeDiskSpace', megabytes('ImageSize')),
  };
};

export const runPowershell: StepMapper = ({ variables, startIn }, notes) => {
  const { supply, changed } = notes;
  const script = textOf(variables, 'ScriptName');
  if (script === '') return leftOut('it names no script');
  const share = /^%(scriptroot|deployroot)%\\+(.*)$/is.exec(script);
  const given = withoutSecrets(textOf(variables, 'Parameters'), notes, PARAMETERS);
  const parameters = optional('parameters', given);
  if (share === null && /^([A-Za-z]:|\\\\|%)/.test(script)) {
    changed('its script lies outside the deployment share: PowerShell is started by its command line');
    return {
      step: 'run-command-line',
      command: `powershell.exe -NoProfile -ExecutionPolicy Bypass -File "${script}" ${given}`.trim(),
    };
  }
  const inScripts = share === null || /^scriptroot$/i.test(share[1] ?? '');
  changed('the deployment share is a package here, in a copy of which the script is started');
  return {
    step: 'run-powershell-script',
    package: supply('package', 'DeploymentShare', 'deployment-share'),
    scriptName: `${inScripts ? 'Scripts\\' : ''}${share?.[2] ?? script}`,
    ...parameters,
    executionPolicy: 'Bypass',
    ...optional('workingDirectory', startIn.trim()),
  };
};

export const featuresLeftOut: StepMapper = ({ variables }) => {
  const names = [
    'OSRoles',
    'OSRoleServices',
    'OSFeatures',
    'UninstallOSRoles',
    'UninstallOSRoleServices',
    'UninstallOSFeatures',
  ];
  const wanted = names
    .map((name) => textOf(variables, name))
    .filter((text) => text !== '')
    .join(',');
  const list = wanted === '' ? '' : `: ${wanted.slice(0, 200)}`;
  return leftOut(`roles and features are installed by a command line, DISM or Install-WindowsFeature${list}`);
};

export const recoverDomainJoin: StepMapper = () =>
  leftOut('a join that failed at the first start is not made up for: use Join Domain or Workgroup, with retry');
