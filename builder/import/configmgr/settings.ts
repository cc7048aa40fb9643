import { applyNetworkSettings as networkDefinition } from '../../../runtime/steps/apply-network-settings/schema.ts';
import { flag, leftOut, type Notes, optional, type PlainStep, type StepMapper, whole } from '../mapping.ts';
import { type SourceVariable, textOf } from '../model.ts';

export const applyWindowsSettings: StepMapper = ({ variables }, notes) => {
  const get = (name: string): string => textOf(variables, name);
  const name = get('OSDComputerName');
  if (get('OSDServerLicenseMode') !== '')
    notes.changed('the server licensing mode has no effect: only Windows before Vista and Server 2008 had one');
  const mode = /^per(seat|server)$/i.exec(get('OSDServerLicenseMode'))?.[1]?.toLowerCase();
  return {
    step: 'apply-windows-settings',
    // A name that is its own variable is what the engine does anyway.
    ...(!/^%OSDComputerName%$/i.test(name) && optional('computerName', name)),
    ...optional('registeredUser', get('OSDRegisteredUserName')),
    ...optional('organization', get('OSDRegisteredOrgName')),
    ...(get('OSDProductKey') !== '' && { productKey: notes.password('productKey', 'OSDProductKey') }),
    administrator: flag(get('OSDRandomAdminPassword'))
      ? 'random-and-disabled'
      : { password: notes.password('administrator.password', 'OSDLocalAdminPassword') },
    ...(mode === 'seat' && { serverLicenseMode: 'perSeat' }),
    ...(mode === 'server' && {
      serverLicenseMode: 'perServer',
      serverLicenseConnections: whole(get('OSDServerLicenseConnectionLimit')) ?? 5,
    }),
    ...optional('timeZone', get('OSDTimeZone')),
    ...optional('userLocale', get('OSDWindowsSettingsUserLocale')),
    ...optional('systemLocale', get('OSDWindowsSettingsSystemLocale')),
    ...optional('uiLanguage', get('OSDWindowsSettingsUILanguage')),
    ...optional('uiLanguageFallback', get('OSDWindowsSettingsUILanguageFallback')),
    ...optional('inputLocale', get('OSDWindowsSettingsInputLocale')),
  };
};

export const applyNetworkSettings: StepMapper = ({ variables }, notes) => {
  const get = (name: string): string => textOf(variables, name);
  const { adapters, dnsSuffixSearchOrder } = networkDefinition.fromVariables((name) => get(name) || undefined);
  if (flag(get('OSDEnableTCPIPFiltering')))
    notes.changed('TCP/IP filtering is not taken over: no Windows of today has it');
  return {
    step: 'apply-network-settings',
    ...membership(
      variables,
      'OSDNetworkJoinType',
      { domain: 'OSDDomainName', workgroup: 'OSDWorkgroupName', unit: 'OSDDomainOUName' },
      notes,
    ),
    ...optional('dnsDomain', get('OSDDNSDomain')),
    ...(dnsSuffixSearchOrder !== undefined && { dnsSuffixSearchOrder }),
    ...(adapters !== undefined && { adapters }),
  };
};

export const joinDomainOrWorkgroup: StepMapper = ({ variables }, notes) => {
  const names = { domain: 'OSDJoinDomainName', workgroup: 'OSDJoinWorkgroupName', unit: 'OSDJoinDomainOUName' };
  return {
    step: 'join-domain-or-workgroup',
    ...membership(variables, 'OSDJoinType', names, notes),
    ...(flag(textOf(variables, 'OSDJoinSkipReboot')) && { skipRestart: true }),
  };
};

export const connectNetworkFolder: StepMapper = ({ variables }, notes) => {
  const get = (name: string): string => textOf(variables, name);
  if (get('SMSConnectNetworkFolderPath') === '') return leftOut('it names no folder');
  const account = get('SMSConnectNetworkFolderAccount');
  return {
    step: 'connect-network-folder',
    path: get('SMSConnectNetworkFolderPath'),
    ...optional('driveLetter', get('SMSConnectNetworkFolderDriveLetter')),
    ...optional('account', account),
    ...(account !== '' && { password: notes.password('password', 'SMSConnectNetworkFolderPassword') }),
  };
};

export const captureWindowsSettings: StepMapper = ({ variables }) => ({
  step: 'capture-windows-settings',
  ...switchedOff(variables, {
    computerName: 'OSDMigrateComputerName',
    registrationInfo: 'OSDMigrateRegistrationInfo',
    timeZone: 'OSDMigrateTimeZone',
  }),
});

export const captureNetworkSettings: StepMapper = ({ variables }) => ({
  step: 'capture-network-settings',
  ...switchedOff(variables, {
    networkMembership: 'OSDMigrateNetworkMembership',
    adapterSettings: 'OSDMigrateAdapterSettings',
  }),
});

/** Options that are true unless a variable says otherwise. */
function switchedOff(variables: readonly SourceVariable[], names: Record<string, string>): Record<string, boolean> {
  const off = Object.entries(names).filter(
    ([, name]) => textOf(variables, name) !== '' && !flag(textOf(variables, name)),
  );
  return Object.fromEntries(off.map(([option]) => [option, false]));
}

type MembershipNames = { domain: string; workgroup: string; unit: string };

/** ConfigMgr's join type: 0 a domain, 1 a workgroup. Without an account, the one of the variable is meant. */
function membership(
  variables: readonly SourceVariable[],
  joinType: string,
  names: MembershipNames,
  notes: Notes,
): Omit<PlainStep, 'step'> {
  const [type, domain, workgroup] = [joinType, names.domain, names.workgroup].map((name) => textOf(variables, name));
  const joinsDomain = type === '0' || (type !== '1' && domain !== '');
  if (!joinsDomain) return optional('workgroup', workgroup);
  const account = textOf(variables, 'OSDJoinAccount');
  if (account === '') notes.changed('the account that joins the domain is that of the variable OSDJoinAccount');
  return {
    domain: domain || `%${names.domain}%`,
    ...optional('organizationalUnit', textOf(variables, names.unit).replace(/^LDAP:\/\//i, '')),
    account: account || '%OSDJoinAccount%',
    password: notes.password('password', 'OSDJoinPassword'),
  };
}
