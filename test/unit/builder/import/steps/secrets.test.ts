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
