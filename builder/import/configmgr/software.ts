import { flag, leftOut, optional, type StepMapper, whole } from '../mapping.ts';
import { type SourceVariable, textOf } from '../model.ts';

export const installApplication: StepMapper = ({ variables, retryCount }, { supply, changed }) => {
  const get = (name: string): string => textOf(variables, name);
  const more = {
    ...(flag(get('ContinueOnInstallError')) && { continueOnFailure: true }),
    ...retries(whole(get('RetryCount')) ?? retryCount),
  };
  const named = namedApplications(variables);
  if (named.length > 0)
    return {
      step: 'install-application',
      applications: named.map(({ id, name }) => supply('application', id, name)),
      ...more,
    };
  const base = get('BaseVariableName');
  if (base === '') return leftOut('it names no application: the export has lost its list');
  changed('list in "candidates" which applications the variables may name: they must be on the medium');
  return { step: 'install-application', baseVariable: base, ...more };
};

/** After an unexpected restart: ConfigMgr asks for 1 to 5 and has 2 unless told; 0 where the box is not ticked. */
function retries(count: number): Record<string, number> {
  return count === 2 ? {} : { retriesAfterUnexpectedRestart: Math.max(0, Math.min(count, 5)) };
}

export const installSoftware: StepMapper = ({ variables }, { supply, changed }) => {
  const get = (name: string): string => textOf(variables, name);
  const base = get('BaseVariableName');
  if (base !== '') {
    changed('list in "candidates" which packages the variables may name: they must be on the medium');
    return {
      step: 'install-package',
      baseVariable: base,
      ...(flag(get('ContinueOnInstallError')) && { continueOnFailure: true }),
    };
  }
  const [id, program] = [get('PackageID'), get('_SMSSWDProgramName')];
  if (id === '') return leftOut('it names no package');
  changed(`it is disabled: the command line of the program "${program}" is not in the export, write it in "command"`);
  return { step: 'install-package', enabled: false, package: supply('package', id), command: program || 'setup.exe' };
};

export const installUpdates: StepMapper = () =>
  leftOut('it asks a software update point: put the updates into a package and use Install Software Updates with it');

export const upgradeOperatingSystem: StepMapper = (step, notes) => {
  const get = (name: string): string => textOf(step.variables, name);
  const [id, path] = [get('OSDUpgradeInstallPackageID'), get('OSDUpgradeInstallPath')];
  if (id === '' && path === '')
    return leftOut('it names neither an upgrade package nor a path: a feature update is an update and no medium');
  const edition = whole(get('OSDUpgradeInstallEditionIndex'));
  const [drivers, staged] = [get('OSDUpgradeDriverPackageID'), get('OSDUpgradeStagedContent')];
  const minutes = whole(get('SetupTimeout')) ?? 0;
  if (!/^(|upgrade)$/i.test(get('OSDUpgradePreserveSettings')))
    notes.changed('settings and programs are kept: an upgrade that keeps less is a new installation');
  return {
    step: 'upgrade-operating-system',
    ...(minutes > 0 && { timeoutSeconds: minutes * 60 }),
    ...(id === '' ? { installPath: path } : { upgradePackage: notes.supply('upgrade-package', id) }),
    ...(edition !== undefined && edition > 0 && { editionIndex: edition }),
    ...(get('OSDUpgradeOsProductKey') !== '' && { productKey: notes.password('productKey', 'OSDUpgradeOsProductKey') }),
    ...(drivers === '' ? optional('driverFolder', staged) : { driverPackage: notes.supply('driver-package', drivers) }),
    ...(flag(get('OSDUpgradeScanOnly')) && { scanOnly: true }),
    ...(flag(get('OSDUpgradeIgnoreMessages')) && { ignoreMessages: true }),
    ...(/^enable|^true|^override/i.test(get('OSDUpgradeDynamicUpdateSettings')) && { dynamicUpdate: true }),
  };
};

type Application = { id: string; name: string | undefined };

/** `OSDApp0Name` and so on, else ids in `ApplicationName`. */
function namedApplications(variables: readonly SourceVariable[]): Application[] {
  const count = Math.min(whole(textOf(variables, 'OSDAppCount')) ?? 0, 999);
  const listed = Array.from({ length: count }, (_, index) => ({
    id: textOf(variables, `OSDApp${index}Name`),
    name: textOf(variables, `OSDApp${index}DisplayName`) || undefined,
  })).filter(({ id }) => id !== '');
  if (listed.length > 0) return listed;
  const ids = textOf(variables, 'ApplicationName')
    .split(/[;,]/)
    .map((id) => id.trim());
  return ids.filter((id) => id !== '').map((id) => ({ id, name: undefined }));
}
