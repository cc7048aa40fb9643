import { describe, expect, it } from 'vitest';
import { importText } from '../import-text.ts';
import { type StepXml, sequenceXml } from '../source-xml.ts';
import { one, sms } from './one-step.ts';

describe('secrets', () => {
  it.each<[StepXml, string[], string]>([
    [
      sms('SetVariableAction', { VariableName: 'Room', VariableValue: 'hunter2', DoNotShowVariableValue: 'true' }),
      ['Room'],
      '%Room-Value%',
    ],
    [
      sms('SetVariableAction', { VariableName: 'AdminPassword', VariableValue: 'hunter2' }),
      ['AdminPassword'],
      '%AdminPassword-Value%',
    ],
    ...['ProductKey', 'DomainAdminPassword', 'UserPassword', 'BDEPin', 'OverrideProductKey', 'LocalPassword2'].map(
      (name): [StepXml, string[], string] => [
        sms('SetVariableAction', { VariableName: name, VariableValue: 'hunter2' }),
        [name],
        `"%${name}-Value%"`,
      ],
    ),
    [
      { action: 'tsenv.exe "ProductKey=hunter2"', type: 'SMS_TaskSequence_SetVariableAction' },
      ['ProductKey'],
      '%ProductKey-Value%',
    ],
    [
      sms('SetVariableAction', { VariableName: 'Options', VariableValue: '/user:a /password:hunter2 /x' }),
      ['Options'],
      '/user:a /password:%Options-Value% /x',
    ],
    [
      sms('SetDynamicVariablesAction', {
        OSDSetDynamicVariablesRules:
          '<Rules><Rule><Variables><Variable Name="ProductKey">hunter2</Variable></Variables></Rule></Rules>',
      }),
      ['ProductKey'],
      '%ProductKey-Value%',
    ],
    [
      sms('RunPowerShellScriptAction', {
        OSDRunPowerShellScriptSourceScript: Buffer.from(
          "$a = ConvertTo-SecureString 'hunter2' -AsPlainText -Force\n$b.Password = Get-Password",
        ).toString('base64'),
      }),
      ['sourceScript'],
      "ConvertTo-SecureString '%ScriptSecret%' -AsPlainText -Force",
    ],
    [
      { type: 'BDD_RunPowerShellAction', variables: { ScriptName: 'a.ps1', Parameters: '-Password hunter2' } },
      ['parameters'],
      '-Password %ParameterSecret%',
    ],
    [
      sms('RunPowerShellScriptAction', {
        OSDRunPowerShellScriptPackageID: 'ABC00001',
        OSDRunPowerShellScriptScriptName: 'a.ps1',
        OSDRunPowerShellScriptParameters: '-Password hunter2 -Quiet',
      }),
      ['parameters'],
      '-Password %ParameterSecret% -Quiet',
    ],
    [
      sms('ApplyWindowsSettingsAction', {
        OSDRandomAdminPassword: 'false',
        OSDLocalAdminPassword: 'hunter2',
        OSDProductKey: 'AAAAA-BBBBB-CCCCC-DDDDD-hunter2',
      }),
      ['productKey', 'administrator.password'],
      '%OSDProductKey%',
    ],
    [
      sms('ConnectNetworkFolderAction', {
        SMSConnectNetworkFolderPath: '\\\\a\\b',
        SMSConnectNetworkFolderAccount: 'u',
        SMSConnectNetworkFolderPassword: 'hunter2',
      }),
      ['password'],
      '%SMSConnectNetworkFolderPassword%',
    ],
    [
      sms('EnableBitLockerAction', { OSDBitLockerMode: 'TPMPin', OSDBitLockerPIN: 'hunter2' }),
      ['pin'],
      '%OSDBitLockerPIN%',
    ],
    [
      sms('JoinDomainWorkgroupAction', {
        OSDJoinType: '0',
        OSDJoinDomainName: 'd',
        OSDJoinAccount: 'u',
        OSDJoinPassword: 'hunter2',
      }),
      ['password'],
      '%OSDJoinPassword%',
    ],
    [
      sms('RunCommandLineAction', { CommandLine: 'join.exe /password:hunter2 /x' }),
      ['command'],
      '/password:%CommandSecret% /x',
    ],
    [
      sms('RunCommandLineAction', { CommandLine: 'net user admin hunter2 /add' }),
      ['command'],
      'net user admin %CommandSecret% /add',
    ],
    [
      sms('SetDynamicVariablesAction', {
        OSDSetDynamicVariablesRules:
          '<Rules><Rule><Variables><Variable Name="Key" IsSecret="true">hunter2</Variable></Variables></Rule></Rules>',
      }),
      ['Key'],
      '%Key-Value%',
    ],
  ])('never copies the one of %j', (source, fields, written) => {
    const { text, passwords } = one(source);
    expect(text).not.toContain('hunter2');
    expect(text).toContain(written);
    expect(passwords).toEqual(fields.map((field) => ({ step: 'A step', field })));
  });

  it.each([
    ['Licence', 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE'],
    ['BDERecoveryKey', Array(8).fill('123456').join('-')],
  ])('knows a key by itself, whatever its variable is called: %s', (name, value) => {
    const { text, passwords, step } = one(sms('SetVariableAction', { VariableName: name, VariableValue: value }));
    expect(text).not.toContain(value);
    expect(step).toMatchObject({ variable: name, value: `%${name}-Value%`, secret: true });
    expect(passwords).toEqual([{ step: 'A step', field: name }]);
  });

  it.each([
    ['SkipProductKey', 'YES'],
    ['SkipAdminPassword', 'yes'],
    ['BDEInstallSuppress', 'NO'],
    ['ProductKey', '%Given%'],
    ['BDEKeyLocation', 'C:\\Keys'],
  ])('takes what is no secret over: %s', (name, value) => {
    const { passwords, step } = one(sms('SetVariableAction', { VariableName: name, VariableValue: value }));
    expect({ passwords, step }).toMatchObject({ passwords: [], step: { variable: name, value, secret: false } });
  });

  it('does not copy that of an account a program runs as', () => {
    const variables = `<variable name="_SMSTSRunCommandLineAsUser" property="RunAsUser">true</variable><variable name="SMSTSRunCommandLineUserName" property="UserName">D\\u</variable><variable name="SMSTSRunCommandLineUserPassword" property="UserPassword">hunter2</variable>`;
    const step = (runIn: string) =>
      `<step name="A step" runIn="${runIn}"><action>a.exe</action><defaultVarList>${variables}</defaultVarList></step>`;
    const { text, passwords } = importText(sequenceXml(step('FullOS')));
    expect(text).toContain('password: "%SMSTSRunCommandLineUserPassword%"');
    expect(text).not.toContain('hunter2');
    expect(passwords).toEqual([{ step: 'A step', field: 'runAs.password' }]);
    const { report, entries } = importText(sequenceXml(step('WinPE')));
    expect(entries[0]).not.toHaveProperty('runAs');
    expect(report.changed[0]?.what).toMatch(/no other account in Windows PE/);
  });
});
