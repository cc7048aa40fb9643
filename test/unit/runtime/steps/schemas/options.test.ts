import { describe, expect, it } from 'vitest';
import { STEP_DEFINITIONS, type StepType } from '../../../../../runtime/steps/schema.ts';
import { check, parse } from './definitions.ts';

const KEY = 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE';
const STATIC = { dhcp: false, addresses: ['192.0.2.10'], subnetMasks: ['255.255.255.0'], dnsServers: ['192.0.2.1'] };
const RULE = { variables: [{ name: 'A', value: '1' }] };

const GOOD: [StepType, object][] = [
  ['check-readiness', {}],
  ['check-readiness', { osType: 'client', minimumOsVersion: '10.0.19045', architecture: 'x64', osLanguage: 1033 }],
  ['check-readiness', { networkConnected: true, tpmEnabled: true, freeDiskSpace: '20 GB', maximumOsVersion: '%Max%' }],
  ['convert-disk-to-dynamic', {}],
  ['apply-operating-system', { image: 'win11', answerFilePackage: 'answers', answerFile: 'unattend.xml' }],
  ['apply-data-image', { image: 'data', volume: '%DataVolume%' }],
  ['apply-driver-package', { package: 'drivers', forceUnsigned: true, additionalOptions: '/LogLevel:4' }],
  ['apply-windows-settings', { administrator: 'random-and-disabled', uiLanguage: '%Language%', productKey: KEY }],
  ['apply-windows-settings', { administrator: { password: '%AdminPassword%' }, computerName: 'PC-%SERIAL%' }],
  ['apply-windows-settings', { serverLicenseMode: 'perServer', serverLicenseConnections: 5 }],
  ['apply-network-settings', { workgroup: 'WORK', adapters: [STATIC, {}] }],
  [
    'apply-network-settings',
    { domain: 'example.com', account: 'EX\\join', password: '%p%', organizationalUnit: 'OU=A' },
  ],
  ['apply-network-settings', { adapters: [{ ...STATIC, addresses: ['192.0.2.10', '2001:db8::1'] }] }],
  ['setup-windows', {}],
  ['capture-windows-settings', { timeZone: false }],
  ['capture-network-settings', {}],
  ['prepare-windows-for-capture', { keepActivation: true }],
  [
    'capture-operating-system',
    { destination: '\\\\server\\share\\w.WIM', imageVersion: '1', exclusions: ['\\Temp\\*'] },
  ],
  ['capture-operating-system', { destination: '%Target%' }],
  ['request-state-store', { requestType: 'capture' }],
  ['release-state-store', { deleteStore: true }],
  ['capture-user-state', { package: 'usmt', hardlink: true, efs: 'hardlink', offline: true }],
  ['capture-user-state', { package: 'usmt', mode: 'advanced', configFiles: ['MigDocs.xml'], vss: true }],
  ['restore-user-state', { package: 'usmt', localAccounts: true, localAccountPassword: '%p%' }],
  ['install-package', { package: 'tool', command: 'msiexec /i tool.msi /qn' }],
  ['install-package', { baseVariable: 'PACKAGES', candidates: ['tool'], continueOnFailure: true }],
  ['install-application', { applications: ['7zip'] }],
  ['install-application', { baseVariable: 'APPS', candidates: ['7zip'] }],
  ['install-updates', { packages: ['2026-01'] }],
  ['run-command-line', { command: 'cmd /c echo %OSDComputerName%', runAs: { account: 'EX\\a', password: 'p' } }],
  ['run-command-line', { command: ['whoami'], outputVariable: 'Who', workingDirectory: 'C:\\' }],
  ['run-powershell-script', { package: 'scripts', scriptName: 'a.ps1', parameters: '-Name "a b"' }],
  ['run-powershell-script', { sourceScript: 'exit 0', executionPolicy: 'Bypass' }],
  ['set-variable', { variable: 'A', value: 'b', secret: true }],
  ['set-dynamic-variables', { rules: [RULE] }],
  ['set-dynamic-variables', { rules: [{ ...RULE, if: { computer: { serial: 'S', macAddress: 'M' } } }] }],
  ['set-dynamic-variables', { rules: [{ ...RULE, if: { location: { gateway: '192.0.2.1' } } }] }],
  ['set-dynamic-variables', { rules: [{ ...RULE, if: { makeAndModel: { make: '*', model: '*VMware*' } } }] }],
  ['set-dynamic-variables', { rules: [{ ...RULE, if: { variable: '_SMSTSInWinPE', value: 'true' } }] }],
  ['restart-computer', { target: 'winpe', message: 'Soon', delaySeconds: 60 }],
  ['connect-network-folder', { path: '\\\\server\\share\\folder', driveLetter: 'Z:', account: 'a', password: 'b' }],
  ['connect-network-folder', { path: '%Share%', driveLetter: 'z' }],
  ['join-domain-or-workgroup', { domain: 'example.com', skipRestart: true }],
  ['pre-provision-bitlocker', { skipWithoutTpm: true, encryptionMethod: 'XtsAes256' }],
  ['enable-bitlocker', {}],
  ['enable-bitlocker', { mode: 'tpm-and-pin', pin: '%pin%', drive: 'C:' }],
  ['enable-bitlocker', { mode: 'tpm-and-key', startupKeyDrive: 'E:' }],
  ['disable-bitlocker', { restartCount: 0 }],
  ['upgrade-operating-system', { upgradePackage: 'win11', driverPackage: 'drivers', productKey: '%key%' }],
  ['upgrade-operating-system', { installPath: '\\\\server\\win11', scanOnly: true, ignoreMessages: true }],
  ['stage-content', { packages: ['a', 'b'], destination: 'C:\\Stage', destinationVariable: 'CONTENT' }],
  ['run-sequence', { sequence: 'default-applications' }],
];

const BAD: [StepType, object, RegExp][] = [
  ['check-readiness', { minimumOsVersion: '11' }, /a version of Windows/],
  ['check-readiness', { osType: 'CLIENT' }, /Invalid option/],
  ['format-and-partition-disk', { volumes: [{ type: 'dynamic', size: 'rest' }] }, /Invalid option/],
  ['format-and-partition-disk', { volumes: [{ type: 'logical', size: 'rest' }] }, /follows the extended one/],
  ['format-and-partition-disk', { style: 'gpt', volumes: [{ type: 'hidden', size: 'rest' }] }, /on MBR disks only/],
  ['apply-operating-system', { image: 'a', answerFile: 'a.xml' }, /needs answerFilePackage/],
  ['apply-operating-system', { image: 'a', answerFilePackage: 'a' }, /needs answerFile/],
  ['apply-operating-system', { image: 'a', imageIndex: 0 }, /Too small/],
  ['apply-data-image', { image: 'data' }, /either volume or destination is needed/],
  ['apply-windows-settings', { administrator: 'disabled' }, /Invalid input/],
  ['apply-windows-settings', { serverLicenseMode: 'perServer' }, /serverLicenseConnections/],
  ['apply-windows-settings', { serverLicenseConnections: 4 }, /Too small/],
  ['apply-windows-settings', { computerName: 'has space' }, /at most 15/],
  ['apply-windows-settings', { computerName: 'WAY-TOO-LONG-FOR-IT' }, /at most 15/],
  ['apply-windows-settings', { productKey: 'AAAAA' }, /five groups/],
  ['apply-network-settings', { workgroup: 'W', domain: 'd' }, /exclude each other/],
  ['apply-network-settings', { workgroup: 'W', organizationalUnit: 'OU=A' }, /needs domain/],
  ['apply-network-settings', { adapters: [{ ...STATIC, subnetMasks: [] }] }, /adapter 1: each IPv4 address/],
  ['apply-network-settings', { adapters: [{ ...STATIC, name: 'LAN', dnsServers: [] }] }, /adapter LAN: .*dnsServers/],
  ['apply-network-settings', { adapters: [{ addresses: ['192.0.2.1'] }] }, /need dhcp: false/],
  ['apply-network-settings', { adapters: [{ macAddress: '001122' }] }, /a MAC address/],
  ['setup-windows', { package: 'client' }, /Unrecognized/],
  ['capture-operating-system', { destination: 'C:\\image.esd' }, /ends in \.wim/],
  ['request-state-store', {}, /Invalid option/],
  ['capture-user-state', { package: 'u', vss: true, hardlink: true }, /vss and hardlink/],
  ['capture-user-state', { package: 'u', vss: true, offline: true }, /vss and offline/],
  ['capture-user-state', { package: 'u', vss: true, efs: 'skip' }, /vss and efs/],
  ['capture-user-state', { package: 'u', hardlink: true, encryptionKey: 'k' }, /hardlink and encryptionKey/],
  ['capture-user-state', { package: 'u', efs: 'hardlink' }, /needs hardlink/],
  ['capture-user-state', { package: 'u', offlineWindowsFolder: 'C:\\Windows' }, /needs offline/],
  ['restore-user-state', { package: 'u', hardlink: true, encryptionKey: 'k' }, /hardlink and encryptionKey/],
  ['install-package', { package: 'tool' }, /package and command/],
  ['install-package', { package: 'tool', command: 'a', baseVariable: 'B' }, /instead of/],
  ['install-package', { package: 'tool', command: 'a', candidates: ['b'] }, /need baseVariable/],
  ['install-application', {}, /either applications or baseVariable/],
  ['install-application', { applications: ['a'], baseVariable: 'B' }, /either applications or baseVariable/],
  ['install-application', { applications: [] }, /Too small/],
  ['install-updates', { packages: [] }, /Too small/],
  ['run-command-line', { command: '' }, /Too small|Invalid input/],
  ['run-command-line', { command: 'a', outputVariable: '_SMSTSMake' }, /read-only/],
  ['run-command-line', { command: 'a', runAs: { password: 'p' } }, /expected string/],
  ['run-powershell-script', { scriptName: 'a.ps1' }, /needs package/],
  ['run-powershell-script', { package: 'p' }, /either scriptName or sourceScript/],
  ['run-powershell-script', { sourceScript: 'exit 0', executionPolicy: 'RemoteSigned' }, /Invalid option/],
  ['set-variable', { variable: '_Mine', value: '' }, /read-only/],
  ['set-dynamic-variables', { rules: [] }, /Too small/],
  ['set-dynamic-variables', { rules: [{ ...RULE, if: { computer: {} } }] }, /Invalid input|at least one/],
  ['set-dynamic-variables', { rules: [{ ...RULE, if: { makeAndModel: { make: 'A' } } }] }, /Invalid input/],
  ['set-dynamic-variables', { rules: [{ variables: [{ name: '_SMSTSMake', value: 'a' }] }] }, /read-only/],
  ['restart-computer', { target: 'hd' }, /Invalid option/],
  ['restart-computer', { message: 'x'.repeat(513) }, /Too big/],
  ['connect-network-folder', { path: 'C:\\folder' }, /a shared folder/],
  ['connect-network-folder', { path: '\\\\s\\s', driveLetter: 'X:' }, /drive letter/],
  ['join-domain-or-workgroup', { domain: 'd', workgroup: 'W' }, /exclude each other/],
  ['enable-bitlocker', { pin: '1234' }, /pin needs mode/],
  ['enable-bitlocker', { startupKeyDrive: 'E:' }, /needs mode key/],
  ['disable-bitlocker', { restartCount: 16 }, /Too big/],
  ['upgrade-operating-system', {}, /either upgradePackage or installPath/],
  ['upgrade-operating-system', { installPath: 'D:', driverPackage: 'a', driverFolder: 'b' }, /exclude each other/],
  ['stage-content', { packages: ['a'], destinationVariable: '_X' }, /read-only/],
  ['run-sequence', { sequence: 'Default Applications' }, /lower-case/],
];

describe('options', () => {
  it.each(GOOD)('of %s may be %j', (type, options) => {
    expect(check(type, options).problems).toEqual([]);
  });

  it.each(BAD)('of %s may not be %j', (type, options, problem) => {
    expect(check(type, options).problems.join('\n')).toMatch(problem);
  });

  it('of every step are tried here', () => {
    const tried = new Set([...GOOD.map(([type]) => type), 'format-and-partition-disk']);
    expect(STEP_DEFINITIONS.map(({ type }) => type).filter((type) => !tried.has(type))).toEqual([]);
  });

  it("have ConfigMgr's defaults", () => {
    expect(parse('capture-user-state', { package: 'u' })).toMatchObject({
      mode: 'simple',
      continueOnLockedFiles: true,
      vss: false,
    });
    expect(parse('enable-bitlocker', {})).toMatchObject({ mode: 'tpm', recoveryKey: 'active-directory' });
    expect(parse('apply-data-image', { image: 'a', volume: 'b' })).toMatchObject({ wipe: true });
    expect(parse('disable-bitlocker', {})).toEqual({ restartCount: 1 });
  });
});
