import { describe, expect, it } from 'vitest';
import type { StepXml } from '../source-xml.ts';
import { one, sms } from './one-step.ts';

const script = '//5XAHIAaQB0AGUALQBIAG8AcwB0ACAAaABpAA==';
const rules = (condition: string): string =>
  `<Rules><Rule>${condition}<Variables><Variable Name="Room" IsSecret="false">12</Variable></Variables></Rule></Rules>`;

describe('steps of ConfigMgr that run programs and bring software', () => {
  it.each<[StepXml, object]>([
    [
      sms(
        'RunCommandLineAction',
        {
          CommandLine: 'setup.exe /s',
          PackageID: 'ABC00001',
          WorkingDirectory: 'bin',
          SMSTSRunCommandLineOutputVariableName: 'Out',
          SMSTSDisableWow64Redirection: 'true',
        },
        { attributes: { runIn: 'FullOS', timeout: '900', successCodeList: '0 5', continueOnError: 'true' } },
      ),
      {
        step: 'run-command-line',
        command: 'setup.exe /s',
        package: 'abc00001',
        workingDirectory: 'bin',
        outputVariable: 'Out',
        disableWow64Redirection: true,
        runIn: 'full-os',
        timeoutSeconds: 900,
        successCodes: [0, 5],
        continueOnError: true,
      },
    ],
    [
      sms('RunCommandLineAction', {}, { action: 'smsswd.exe /run:ABC00001 cmd /c "exit 1"' }),
      { command: 'cmd /c "exit 1"', package: 'abc00001' },
    ],
    [
      sms('RunPowerShellScriptAction', {
        OSDRunPowerShellScriptSourceScript: script,
        OSDRunPowerShellScriptExecutionPolicy: 'bypass',
        OSDRunPowerShellScriptParameters: '-A 1',
      }),
      { step: 'run-powershell-script', sourceScript: 'Write-Host hi', executionPolicy: 'Bypass', parameters: '-A 1' },
    ],
    [
      sms('RunPowerShellScriptAction', {
        OSDRunPowerShellScriptPackageID: 'ABC00001',
        OSDRunPowerShellScriptScriptName: '.\\a.ps1',
      }),
      { package: 'abc00001', scriptName: '.\\a.ps1' },
    ],
    [
      sms('SetDynamicVariablesAction', { OSDSetDynamicVariablesRules: rules('') }),
      { step: 'set-dynamic-variables', rules: [{ variables: [{ name: 'Room', value: '12' }] }] },
    ],
    [
      sms('SetDynamicVariablesAction', {
        OSDSetDynamicVariablesRules: rules(
          '<condition><expression type="SMS_TaskSequence_MakeModelConditionExpression"><variable name="Make">Dell*</variable><variable name="Model">*</variable></expression></condition>',
        ),
      }),
      { rules: [{ if: { makeAndModel: { make: 'Dell*', model: '*' } } }] },
    ],
    [
      sms('SetDynamicVariablesAction', {
        OSDSetDynamicVariablesRules: rules(
          '<condition><expression type="SMS_TaskSequence_ComputerConditionExpression"><variable name="SerialNumber">S1</variable><variable name="UUID"></variable></expression></condition>',
        ),
      }),
      { rules: [{ if: { computer: { serial: 'S1' } } }] },
    ],
    [
      sms('SetVariableAction', { VariableName: 'Room', VariableValue: '%Floor%-12' }),
      { step: 'set-variable', variable: 'Room', value: '%Floor%-12' },
    ],
    [
      sms('RebootAction', { SMSRebootTarget: 'WinPE', SMSRebootMessage: 'Wait', SMSRebootTimeout: '60' }),
      { step: 'restart-computer', target: 'winpe', message: 'Wait', delaySeconds: 60 },
    ],
    [sms('RebootAction', { SMSRebootTarget: 'HD' }, { action: 'smsboot.exe /target:WinPE' }), { target: 'full-os' }],
    [
      sms(
        'SubTasksequence',
        { OSDSubTasksequencePackageID: 'ABC00009', OSDSubTasksequenceTsName: 'ABC00009, Other one' },
        { tag: 'subtasksequence' },
      ),
      { step: 'run-sequence', sequence: 'other-one' },
    ],
    [
      sms('DownloadPackageContentAction', {
        OSDDownloadDownloadPackages: 'ABC00001,ABC00002',
        OSDPackage0PackageId: 'ABC00001',
        OSDPackage0Name: 'Drivers A18',
        OSDDownloadDestinationLocationType: 'Custom',
        OSDDownloadDestinationPath: 'C:\\x',
        OSDDownloadDestinationVariable: 'Content',
      }),
      {
        step: 'stage-content',
        packages: ['drivers-a18', 'abc00002'],
        destination: 'C:\\x',
        destinationVariable: 'Content',
      },
    ],
    [
      sms('ConnectNetworkFolderAction', {
        SMSConnectNetworkFolderPath: '\\\\a\\b',
        SMSConnectNetworkFolderDriveLetter: 'Z:',
        SMSConnectNetworkFolderAccount: 'D\\u',
      }),
      {
        step: 'connect-network-folder',
        path: '\\\\a\\b',
        driveLetter: 'Z:',
        account: 'D\\u',
        password: '%SMSConnectNetworkFolderPassword%',
      },
    ],
    [
      sms('InstallApplicationAction', {
        OSDAppCount: '1',
        OSDApp0Name: 'ScopeId_1/Application_2',
        OSDApp0DisplayName: '7-Zip',
        ContinueOnInstallError: 'true',
      }),
      { step: 'install-application', applications: ['7-zip'], continueOnFailure: true },
    ],
    [
      sms('InstallApplicationAction', { BaseVariableName: 'APPS' }),
      { step: 'install-application', baseVariable: 'APPS', retriesAfterUnexpectedRestart: 0 },
    ],
    [
      sms('InstallApplicationAction', { BaseVariableName: 'APPS', RetryCount: '4' }),
      { step: 'install-application', baseVariable: 'APPS', retriesAfterUnexpectedRestart: 4 },
    ],
    [
      sms('InstallApplicationAction', { BaseVariableName: 'APPS' }, { attributes: { retryCount: '9' } }),
      { step: 'install-application', baseVariable: 'APPS', retriesAfterUnexpectedRestart: 5 },
    ],
    [
      sms('InstallSoftwareAction', { PackageID: 'ABC00006', _SMSSWDProgramName: 'Install' }),
      { step: 'install-package', package: 'abc00006', command: 'Install', enabled: false },
    ],
  ])('reads $type: %j', (source, expected) => {
    const { step, left } = one(source);
    expect(left).toEqual([]);
    expect(step).toMatchObject(expected);
  });
});

describe('success codes', () => {
  const imported = (type: string, successCodeList: string) => {
    const usmt = { _OSDMigrateUsmtPackageID: 'ABC00001' };
    const { step, changed } = one(sms(type, usmt, { attributes: { successCodeList } }));
    expect(step).toHaveProperty('step');
    return [(step as { successCodes?: number[] }).successCodes, changed.filter((what) => what.includes('codes'))];
  };

  it.each([
    ['PrestartCheckAction', '0', undefined],
    ['PrestartCheckAction', '3010 0', undefined],
    ['PrestartCheckAction', '0 4316', [0, 4316]],
    ['PrestartCheckAction', '0, 4316;-5', [0, 4316, -5]],
  ])('of %s "%s" are taken over where they say something', (type, list, codes) => {
    expect(imported(type, list)).toEqual([codes, []]);
  });

  it('that are no exit codes are named', () => {
    const list = '0 7 x 99999999999 4294967296';
    expect(imported('PrestartCheckAction', list)).toEqual([
      [0, 7],
      [`its success codes "${list}" are not all numbers`],
    ]);
  });

  it('of a step that is whole or has failed are left out, with the reason', () => {
    const [codes, changed] = imported('CaptureUserStateAction', '0 61');
    expect(codes).toBeUndefined();
    expect(changed).toEqual([expect.stringMatching(/^its success codes 0 61 are left out: what is not in the store/)]);
  });
});
