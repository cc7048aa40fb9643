import { describe, expect, it } from 'vitest';
import { importText } from './import-text.ts';
import { groupXml, type StepXml, sequenceXml, stepXml } from './source-xml.ts';

/** The one step that comes of one, and what is said of it. */
function one(step: StepXml, ...around: string[]) {
  const imported = importText(sequenceXml(...around, stepXml(step)));
  const { entries, report, toSupply, passwords, text } = imported;
  return {
    step: entries.at(-1),
    left: report.leftOut.map(({ reason }) => reason),
    changed: report.changed.map(({ what }) => what),
    toSupply,
    passwords,
    text,
  };
}

const sms = (type: string, variables: Record<string, string> = {}, more: Partial<StepXml> = {}): StepXml => ({
  type: `SMS_TaskSequence_${type}`,
  variables,
  ...more,
});
const script = '//5XAHIAaQB0AGUALQBIAG8AcwB0ACAAaABpAA==';
const rules = (condition: string): string =>
  `<Rules><Rule>${condition}<Variables><Variable Name="Room" IsSecret="false">12</Variable></Variables></Rule></Rules>`;

describe('steps of ConfigMgr', () => {
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
      sms('PrestartCheckAction', {
        OSDCheckMemory: 'true',
        OSDMemory: '2048',
        OSDCheckProcessorSpeed: 'false',
        OSDProcessorSpeed: '800',
        OSDCheckFreeDiskSpace: 'true',
        OSDFreeDiskSpace: '25000',
        OSDCheckOSType: 'true',
        OSDOSType: 'SERVER',
        OSDCheckOSArchitecture: 'true',
        OSDOSArchitecture: '64',
        OSDCheckMinOSVersion: 'true',
        OSDMinOSVersion: '10.0.19041',
        OSDCheckDeviceUEFI: 'true',
        OSDCheckPowerState: 'true',
        OSDCheckNetworkWired: 'true',
      }),
      {
        step: 'check-readiness',
        memory: '2048 MB',
        freeDiskSpace: '25000 MB',
        osType: 'server',
        architecture: 'x64',
        minimumOsVersion: '10.0.19041',
        firmware: 'uefi',
        power: 'ac',
        networkWired: true,
      },
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
      sms('JoinDomainWorkgroupAction', { OSDJoinType: '1', OSDJoinWorkgroupName: 'WG', OSDJoinSkipReboot: 'true' }),
      { step: 'join-domain-or-workgroup', workgroup: 'WG', skipRestart: true },
    ],
    [
      sms('JoinDomainWorkgroupAction', {
        OSDJoinType: '0',
        OSDJoinDomainName: 'example.com',
        OSDJoinDomainOUName: 'LDAP://OU=A,DC=example',
        OSDJoinAccount: 'D\\u',
      }),
      { domain: 'example.com', organizationalUnit: 'OU=A,DC=example', account: 'D\\u', password: '%OSDJoinPassword%' },
    ],
    [
      sms('ApplyWindowsSettingsAction', {
        OSDComputerName: '%_SMSTSMachineName%',
        OSDRegisteredUserName: 'U',
        OSDRegisteredOrgName: 'O',
        OSDRandomAdminPassword: 'true',
        OSDTimeZone: 'UTC',
        OSDServerLicenseConnectionLimit: '5',
        OSDWindowsSettingsUILanguage: 'de-DE',
      }),
      {
        step: 'apply-windows-settings',
        computerName: '%_SMSTSMachineName%',
        registeredUser: 'U',
        organization: 'O',
        administrator: 'random-and-disabled',
        timeZone: 'UTC',
        uiLanguage: 'de-DE',
      },
    ],
    [
      sms('ApplyWindowsSettingsAction', { OSDServerLicenseMode: 'PerServer', OSDServerLicenseConnectionLimit: '7' }),
      {
        serverLicenseMode: 'perServer',
        serverLicenseConnections: 7,
        administrator: { password: '%OSDLocalAdminPassword%' },
      },
    ],
    [
      sms('ApplyNetworkSettingsAction', {
        OSDNetworkJoinType: '1',
        OSDWorkgroupName: 'WG',
        OSDDNSSuffixSearchOrder: 'a.example, b.example',
        OSDAdapterCount: '1',
        OSDAdapter0EnableDHCP: 'false',
        OSDAdapter0IPAddressList: '10.0.0.2',
        OSDAdapter0SubnetMask: '255.0.0.0',
        OSDAdapter0Gateways: '10.0.0.1',
        OSDAdapter0DNSServerList: '10.0.0.1',
      }),
      {
        step: 'apply-network-settings',
        workgroup: 'WG',
        dnsSuffixSearchOrder: ['a.example', 'b.example'],
        adapters: [{ dhcp: false, addresses: ['10.0.0.2'] }],
      },
    ],
    [
      sms('CaptureNetworkSettingsAction', { OSDMigrateAdapterSettings: 'true', OSDMigrateNetworkMembership: 'false' }),
      { step: 'capture-network-settings', networkMembership: false, adapterSettings: true },
    ],
    [
      sms('CaptureWindowsSettingsAction', { OSDMigrateTimeZone: 'false' }),
      { step: 'capture-windows-settings', computerName: true, timeZone: false },
    ],
    [sms('ConvertDiskAction', { OSDConvertDiskIndex: '0' }), { step: 'convert-disk-to-dynamic' }],
    [
      sms('EnableBitLockerAction', {
        OSDBitLockerMode: 'TPMAndPIN',
        OSDBitLockerCreateRecoveryPassword: 'AD',
        OSDBitLockerWaitForEncryption: 'true',
      }),
      {
        step: 'enable-bitlocker',
        mode: 'tpm-and-pin',
        pin: '%OSDBitLockerPIN%',
        recoveryKey: 'active-directory',
        waitForEncryption: true,
      },
    ],
    [sms('DisableBitLockerAction', { OSDBitLockerRebootCount: '3' }), { step: 'disable-bitlocker', restartCount: 3 }],
    [
      sms('OfflineEnableBitLockerAction', { OSDBitLockerSkipWhenTPMInvalid: 'true', DestinationVariable: 'OSDisk' }),
      { step: 'pre-provision-bitlocker', skipWithoutTpm: true, volume: '%OSDisk%' },
    ],
    [
      sms('ApplyOperatingSystemAction', {
        ImagePackageID: 'ABC00007',
        OSDImageIndex: '3',
        ConfigFilePackage: 'ABC00008',
        OSDConfigFileName: 'unattend.xml',
      }),
      {
        step: 'apply-operating-system',
        image: 'abc00007',
        imageIndex: 3,
        answerFilePackage: 'abc00008',
        answerFile: 'unattend.xml',
      },
    ],
    [
      sms('ApplyDataImageAction', {
        ImagePackageID: 'ABC00007',
        OSDDataImageIndex: '1',
        OSDWipeDestinationPartition: 'false',
        DestinationVariable: 'DataDisk',
      }),
      { step: 'apply-data-image', image: 'abc00007', volume: '%DataDisk%', wipe: false },
    ],
    [
      sms('SetupWindowsAndSMSAction', { _SMSClientPackageID: 'ABC00002' }, { attributes: { continueOnError: 'true' } }),
      { step: 'setup-windows', continueOnError: false },
    ],
    [
      sms('UpgradeOperatingSystemAction', {
        OSDUpgradeInstallPackageID: 'ABC00003',
        OSDUpgradeInstallEditionIndex: '2',
        OSDUpgradeDriverPackageID: 'ABC00004',
        OSDUpgradeIgnoreMessages: 'true',
        OSDUpgradeScanOnly: 'true',
      }),
      {
        step: 'upgrade-operating-system',
        upgradePackage: 'abc00003',
        editionIndex: 2,
        driverPackage: 'abc00004',
        ignoreMessages: true,
        scanOnly: true,
      },
    ],
    [
      sms('PrepareOSAction', { OSDKeepActivation: 'true' }),
      { step: 'prepare-windows-for-capture', keepActivation: true },
    ],
    [
      sms('CaptureSystemImageAction', {
        OSDCaptureDestination: '\\\\a\\b\\c.wim',
        OSDCaptureAccount: 'D\\u',
        OSDImageVersion: '1',
      }),
      {
        step: 'capture-operating-system',
        destination: '\\\\a\\b\\c.wim',
        account: 'D\\u',
        password: '%OSDCaptureAccountPassword%',
        imageVersion: '1',
      },
    ],
    [
      sms('ApplyDriverPackageAction', { OSDApplyDriverDriverPackageID: 'ABC00004', OSDAllowUnsignedDriver: 'true' }),
      { step: 'apply-driver-package', package: 'abc00004', forceUnsigned: true },
    ],
    [
      sms('RequestStateStoreAction', { OSDStateRequestType: 'restore' }),
      { step: 'request-state-store', requestType: 'restore' },
    ],
    [sms('ReleaseStateStoreAction'), { step: 'release-state-store' }],
    [
      sms('CaptureUserStateAction', {
        _OSDMigrateUsmtPackageID: 'ABC00005',
        OSDMigrateMode: 'Advanced',
        OSDMigrateConfigFiles: 'MigUser.xml,MigApp.xml',
        _OSDMigrateUseHardlinks: 'true',
        OSDMigrateFileAccess: 'VSS',
      }),
      {
        step: 'capture-user-state',
        package: 'abc00005',
        mode: 'advanced',
        configFiles: ['MigUser.xml', 'MigApp.xml'],
        hardlink: true,
        vss: false,
      },
    ],
    [
      sms('RestoreUserStateAction', {
        _OSDMigrateUsmtRestorePackageID: 'ABC00005',
        OSDMigrateLocalAccounts: 'true',
        OSDMigrateContinueOnRestore: 'false',
      }),
      {
        step: 'restore-user-state',
        package: 'abc00005',
        localAccounts: true,
        localAccountPassword: '%OSDMigrateLocalAccountPassword%',
        continueOnRestore: false,
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
      { step: 'install-application', baseVariable: 'APPS' },
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

  it.each<[StepXml, RegExp]>([
    [sms('AutoApplyAction'), /asks a server which drivers fit/],
    [sms('InstallUpdateAction'), /software update point/],
    [sms('InstallDeployToolsAction'), /sysprep/],
    [sms('PrepareSMSClientAction'), /no ConfigMgr client/],
    [sms('InstallApplicationAction', { OSDAppCount: '0' }), /names no application/],
    [sms('SetVariableAction', { VariableName: '_SMSTSX', VariableValue: '1' }), /no sequence can set "_SMSTSX"/],
    [sms('RunCommandLineAction'), /no command line/],
    [sms('SomethingNewAction'), /the type SMS_TaskSequence_SomethingNewAction is not known here/],
    [sms('RunCommandLineAction', { CommandLine: 'x'.repeat(32_001) }), /longer than 32000/],
    [sms('ConnectNetworkFolderAction', { SMSConnectNetworkFolderPath: 'C:\\x' }), /cannot be written here: path/],
    [{ tag: 'loop', name: 'x' }, /the type <loop> is not known here/],
    [sms('SetDynamicVariablesAction', { OSDSetDynamicVariablesRules: '<Rules><Rule>' }), /not well-formed/],
  ])('leaves %j out for a reason', (source, reason) => {
    const { left, step } = one(source);
    expect(step).toMatchObject({ group: 'A sequence', steps: [] });
    expect(left).toHaveLength(1);
    expect(left[0]).toMatch(reason);
  });

  it('asks only for what is switched on', () => {
    const { step } = one(
      sms('PrestartCheckAction', { OSDCheckMemory: 'false', OSDMemory: '2048', OSDMaxOSVersion: '10' }),
    );
    expect(step).not.toHaveProperty('memory');
    expect(step).not.toHaveProperty('maximumOsVersion');
  });

  it('keeps what is disabled disabled, and cuts what is too long', () => {
    const { step, changed } = one({
      type: '',
      action: 'a',
      name: 'n'.repeat(101),
      attributes: { disable: 'true', description: 'd'.repeat(256) },
    });
    expect(step).toMatchObject({ enabled: false });
    expect(changed).toEqual(['its name was cut to 100 characters', 'its description was cut to 255 characters']);
  });

  it('lays a disk out', () => {
    const variables = {
      OSDDiskIndex: '0',
      OSDPartitionStyle: 'GPT',
      OSDPartitions: '4',
      OSDPartitions0Type: 'EFI',
      OSDPartitions0FileSystem: 'FAT32',
      OSDPartitions0Size: '512',
      OSDPartitions0SizeUnits: 'MB',
      OSDPartitions0Bootable: 'True',
      OSDPartitions0VolumeName: 'EFI',
      OSDPartitions1Type: 'MSR',
      OSDPartitions1FileSystem: 'NTFS',
      OSDPartitions1Size: '128',
      OSDPartitions1SizeUnits: 'MB',
      OSDPartitions2Type: 'Primary',
      OSDPartitions2FileSystem: 'NTFS',
      OSDPartitions2Size: '99',
      OSDPartitions2SizeUnits: '%',
      OSDPartitions2VolumeName: 'Windows',
      OSDPartitions2VolumeLetterVariable: 'OSDisk',
      OSDPartitions3Type: 'Recovery',
      OSDPartitions3FileSystem: 'NTFS',
      OSDPartitions3Size: '100',
      OSDPartitions3SizeUnits: 'PERCENT',
    };
    expect(one(sms('PartitionDiskAction', variables)).step).toMatchObject({
      step: 'format-and-partition-disk',
      style: 'gpt',
      volumes: [
        { type: 'efi', size: '512 MB', name: 'EFI' },
        { type: 'msr', size: '128 MB' },
        { type: 'primary', size: '99%', name: 'Windows', fileSystem: 'ntfs', variable: 'OSDisk' },
        { type: 'recovery', size: 'rest', fileSystem: 'ntfs' },
      ],
    });
  });

  it('applies an image to the volume that the layout gave a number', () => {
    const layout = stepXml(
      sms('PartitionDiskAction', {
        OSDPartitionStyle: 'MBR',
        OSDPartitions: '2',
        OSDPartitions0Type: 'Primary',
        OSDPartitions0Size: '100',
        OSDPartitions0VolumeName: 'System',
        OSDPartitions1Type: 'Primary',
        OSDPartitions1VolumeName: 'Data',
      }),
    );
    const image = sms('ApplyOperatingSystemAction', {
      ImagePackageID: 'ABC00007',
      DestinationDisk: '0',
      DestinationPartition: '2',
    });
    expect(one(image, layout).step).toMatchObject({ volume: 'Data' });
  });

  it('adds the system volumes that MDT adds without saying so', () => {
    const variables = {
      OSDPartitionStyle: 'GPT',
      OSDPartitions: '1',
      OSDPartitions0Type: 'Primary',
      OSDPartitions0Size: '100',
      OSDPartitions0SizeUnits: '%',
      OSDPartitions0VolumeName: 'OSDisk',
      DONotCreateExtraPartition: '',
    };
    expect(one(sms('PartitionDiskAction', variables)).step).toMatchObject({
      volumes: [{ type: 'efi' }, { type: 'msr' }, { type: 'primary', size: 'rest' }],
    });
    expect(one(sms('PartitionDiskAction', { ...variables, DONotCreateExtraPartition: 'YES' })).step).toMatchObject({
      volumes: [{ type: 'primary' }],
    });
  });
});

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

describe('steps of MDT', () => {
  const phase = (name: string, ...inside: string[]): string =>
    `<group name="${name}"><condition><expression type="SMS_TaskSequence_VariableConditionExpression"><variable name="Operator">equals</variable><variable name="Variable">PHASE</variable><variable name="Value">${name}</variable></expression></condition>${inside.join('')}</group>`;
  const next = stepXml({ name: 'Next Phase', action: 'cscript.exe "%SCRIPTROOT%\\ZTINextPhase.wsf"' });

  it('goes from phase to phase by a variable, past those that are not there', () => {
    const { entries, report } = importText(
      sequenceXml(phase('VALIDATION', next), phase('PREINSTALL', next), phase('INSTALL')),
    );
    expect(entries[0]).toMatchObject({ step: 'set-variable', variable: 'PHASE', value: 'VALIDATION' });
    expect(entries[1]).toMatchObject({ steps: [{ variable: 'PHASE', value: 'PREINSTALL' }] });
    expect(entries[2]).toMatchObject({ steps: [{ variable: 'PHASE', value: 'INSTALL' }] });
    expect(report).toMatchObject({ steps: 2, takenOver: 2 });
  });

  it('takes the sequence along where MDT restarts after the installation', () => {
    const restart = stepXml({ ...sms('RebootAction', { Target: '' }), action: 'smsboot.exe /target:WinPE' });
    const full = stepXml(sms('InstallApplicationAction', { OSDAppCount: '1', OSDApp0Name: 'A' }));
    const { entries } = importText(sequenceXml(phase('POSTINSTALL', restart), phase('STATERESTORE', full)));
    expect(entries[1]).toMatchObject({ steps: [{ step: 'setup-windows' }] });
    expect(entries[2]).toMatchObject({ steps: [{ step: 'install-application', enabled: true }] });
  });

  it.each<[StepXml, object]>([
    [
      {
        type: 'BDD_InstallOS',
        variables: { OSGUID: '{G}', DestinationOSInstallType: 'ByVariable', DestinationOSVariable: 'OSDisk' },
      },
      { step: 'apply-operating-system', image: 'g', volume: '%OSDisk%' },
    ],
    [
      { type: 'BDD_InjectDrivers', variables: { DriverSelectionProfile: 'All Drivers', DriverInjectionMode: 'ALL' } },
      { step: 'apply-driver-package', package: 'all-drivers' },
    ],
    [
      { type: 'BDD_InstallApplication', name: '7-Zip', variables: { ApplicationGUID: '{1}' } },
      { applications: ['7-zip'] },
    ],
    [{ type: 'BDD_InstallApplication', variables: { ApplicationGUID: '' } }, { baseVariable: 'Applications' }],
    [
      { type: 'BDD_Validate', variables: { ImageMemory: '768', ImageProcessorSpeed: '800', ImageSize: '0' } },
      { memory: '768 MB', processorSpeed: 800 },
    ],
    [
      { type: 'BDD_InstallUpdatesOffline', variables: { PackageSelectionProfile: 'All Packages' } },
      { step: 'install-updates', packages: ['all-packages'] },
    ],
    [
      {
        type: 'BDD_RunPowerShellAction',
        variables: { ScriptName: '%DEPLOYROOT%\\Applications\\a.ps1', Parameters: '-x' },
      },
      { scriptName: 'Applications\\a.ps1', package: 'deployment-share', parameters: '-x' },
    ],
    [{ type: 'BDD_RunPowerShellAction', variables: { ScriptName: 'a.ps1' } }, { scriptName: 'Scripts\\a.ps1' }],
    [{ action: 'cscript.exe "%SCRIPTROOT%\\ZTIConfigure.wsf"' }, { step: 'apply-windows-settings' }],
    [
      { action: 'cscript.exe "%SCRIPTROOT%\\ZTIUserState.wsf" /capture' },
      { step: 'capture-user-state', package: 'usmt' },
    ],
    [
      { action: 'cmd /c "%SCRIPTROOT%\\a.cmd" %DEPLOYROOT%' },
      { command: 'cmd /c "Scripts\\a.cmd" .', package: 'deployment-share' },
    ],
    [
      { action: 'cscript "%SCRIPTROOT%\\Custom\\ZTIGather.wsf"' },
      { command: 'cscript "Scripts\\Custom\\ZTIGather.wsf"' },
    ],
  ])('reads %j', (source, expected) => {
    expect(one(source).step).toMatchObject(expected);
  });

  it.each([
    'BDD_Gather',
    'BDD_InstallRoles',
    'BDD_UninstallRoles',
    'BDD_ConfigureADDS',
    'BDD_ConfigureDNS',
    'BDD_ConfigureDHCP',
    'BDD_UsePackage',
    'BDD_ExecuteRunbook',
    'BDD_RecoverDomainJoin',
  ])('leaves %s out for a reason', (type) => {
    const { left } = one({ type });
    expect(left).toHaveLength(1);
    expect(left[0]).not.toMatch(/not known/);
  });

  it('uses the names the engine has for what MDT gathers, but not of what the sequence sets itself', () => {
    const command = (text: string): string => stepXml({ type: '', action: text });
    const { entries, report } = importText(sequenceXml(groupXml('A', command('a.exe %Model% %SerialNumber%'))));
    expect(entries[0]).toMatchObject({ steps: [{ command: 'a.exe %_SMSTSModel% %_SMSTSSerialNumber%' }] });
    expect(report.changed.map(({ what }) => what)).toEqual([
      expect.stringContaining('Model is _SMSTSModel'),
      expect.stringContaining('SerialNumber is'),
    ]);
    const own = stepXml(sms('SetVariableAction', { VariableName: 'Model', VariableValue: 'x' }));
    expect(importText(sequenceXml(own, command('a.exe %Model%'))).entries[1]).toMatchObject({
      command: 'a.exe %Model%',
    });
  });
});

describe('places', () => {
  it('disables a step that cannot run where it stands, and takes a sequence along that would end at a restart', () => {
    const image = stepXml(sms('PrepareOSAction'));
    const bitlocker = stepXml(sms('DisableBitLockerAction', {}, { name: 'Late' }));
    const { entries, report } = importText(sequenceXml(image, bitlocker));
    expect(entries[1]).toMatchObject({ enabled: false });
    expect(report.changed).toContainEqual({
      step: 'Late',
      type: 'SMS_TaskSequence_DisableBitLockerAction',
      what: expect.stringContaining('it is disabled: "Late" cannot run here'),
    });
  });

  it('counts every step once', () => {
    const steps = [
      stepXml(sms('AutoApplyAction')),
      stepXml({ action: 'a' }),
      groupXml('G', stepXml({ type: 'X' }), stepXml({ action: 'b' })),
    ];
    expect(importText(sequenceXml(...steps)).report).toMatchObject({ steps: 4, takenOver: 2, leftOut: [{}, {}] });
  });
});

describe('a type that is the name of something every object has', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('is not known: %s', (type) => {
    expect(one({ type, variables: {} }).left).toEqual([`the type ${type} is not known here`]);
    expect(one(sms(type)).left).toEqual([`the type SMS_TaskSequence_${type} is not known here`]);
  });
});
