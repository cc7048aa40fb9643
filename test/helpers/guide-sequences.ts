import { writeZip } from '../../builder/export/zip-writer.ts';
import { escapeXml, expressionXml, groupXml, sequenceXml, stepXml } from '../unit/builder/import/source-xml.ts';

/** What a reader who comes from MDT has: a sequence of its template for clients, in short. */
export function mdtSequence(): string {
  const script = (name: string, file: string): string =>
    stepXml({ name, action: `cscript.exe "%SCRIPTROOT%\\${file}.wsf"` });
  const next = script('Next Phase', 'ZTINextPhase');
  const phase = (name: string, value: string, ...steps: string[]): string =>
    groupXml(name, `<condition>${variable('PHASE', value)}</condition>`, ...steps);
  return sequenceXml(
    groupXml('Initialization', stepXml({ name: 'Gather local only', type: 'BDD_Gather' })),
    phase(
      'Validation',
      'VALIDATION',
      stepXml({ name: 'Validate', type: 'BDD_Validate', variables: { ImageMemory: '4096', VerifyOS: 'CLIENT' } }),
      next,
    ),
    phase('State Capture', 'STATECAPTURE', stepXml({ name: 'Capture User State', action: userState('capture') }), next),
    phase(
      'Preinstall',
      'PREINSTALL',
      stepXml({
        name: 'Format and Partition Disk (UEFI)',
        type: 'SMS_TaskSequence_PartitionDiskAction',
        variables: { OSDDiskIndex: '0', OSDPartitionStyle: 'GPT' },
      }),
      stepXml({
        name: 'Inject Drivers',
        type: 'BDD_InjectDrivers',
        variables: { DriverSelectionProfile: 'Latitude 5440', DriverInjectionMode: 'AUTO' },
      }),
      stepXml({ name: 'Our own settings', action: 'cmd.exe /c %SCRIPTROOT%\\Custom\\settings.cmd' }),
      next,
    ),
    phase(
      'Install',
      'INSTALL',
      stepXml({
        name: 'Install Operating System',
        type: 'BDD_InstallOS',
        variables: { OSGUID: '{f3c1a7d2-5b8e-4c06-9d1f-2a6b7c8d9e10}' },
      }),
      next,
    ),
    phase('Postinstall', 'POSTINSTALL', script('Configure', 'ZTIConfigure'), next, restart()),
    phase(
      'State Restore',
      'STATERESTORE',
      script('Windows Update (Pre-Application Installation)', 'ZTIWindowsUpdate'),
      stepXml({
        name: '7-Zip',
        type: 'BDD_InstallApplication',
        variables: { ApplicationGUID: '{0b5d4a51-6d8f-4f0e-8a54-8a2f0f6b7c11}' },
      }),
      stepXml({ name: 'Restore User State', action: userState('restore') }),
      script('Tattoo', 'ZTITatoo'),
    ),
  ).replace('A sequence', 'Standard Client Task Sequence');
}

/** What a reader who comes from ConfigMgr has: the zip that its console exports. */
export async function writeConfigMgrExport(file: string): Promise<void> {
  const type = (name: string): string => `SMS_TaskSequence_${name}`;
  const sequence = sequenceXml(
    groupXml(
      'Install Operating System',
      stepXml({
        name: 'Restart in Windows PE',
        type: type('RebootAction'),
        action: 'smsboot.exe /target:WinPE',
        condition: `<condition>${variable('_SMSTSInWinPE', 'false')}</condition>`,
      }),
      stepXml({
        name: 'Partition Disk 0 - UEFI',
        type: type('PartitionDiskAction'),
        variables: { OSDDiskIndex: '0', OSDPartitionStyle: 'GPT' },
      }),
      stepXml({
        name: 'Apply Operating System',
        type: type('ApplyOperatingSystemAction'),
        variables: { ImagePackageID: 'ABC00010', OSDImageIndex: '3' },
      }),
      stepXml({
        name: 'Apply Windows Settings',
        type: type('ApplyWindowsSettingsAction'),
        variables: { OSDComputerName: '%OSDComputerName%', OSDRandomAdminPassword: 'true', OSDTimeZone: 'UTC' },
      }),
      stepXml({ name: 'Apply Device Drivers', type: type('AutoApplyAction') }),
      stepXml({
        name: 'Latitude 5440',
        type: type('ApplyDriverPackageAction'),
        variables: { OSDApplyDriverDriverPackageID: 'ABC00011' },
        condition: `<condition>${variable('_SMSTSModel', 'Latitude 5440')}</condition>`,
      }),
      stepXml({ name: 'Setup Windows and Configuration Manager', type: type('SetupWindowsAndSMSAction') }),
    ),
    groupXml(
      'Set Up Operating System',
      stepXml({ name: 'Install Updates', type: type('InstallUpdateAction') }),
      stepXml({
        name: 'Install Applications',
        type: type('InstallApplicationAction'),
        variables: { OSDAppCount: '1', OSDApp0Name: 'ScopeId_1/Application_2', OSDApp0DisplayName: '7-Zip' },
      }),
      stepXml({
        name: 'Install the agent',
        type: type('InstallSoftwareAction'),
        variables: { PackageID: 'ABC00012', _SMSSWDProgramName: 'Install' },
      }),
    ),
  );
  const property = (name: string, value: string): string =>
    `<PROPERTY NAME="${name}"><VALUE>${escapeXml(value)}</VALUE></PROPERTY>`;
  const properties = [
    property('PackageID', 'ABC0000F'),
    property('Name', 'Windows 11 Enterprise'),
    property('Sequence', sequence),
  ];
  await writeZip(file, [
    { path: 'Manifest.xml', text: '<LibraryDocument/>' },
    {
      path: 'SMS_TaskSequencePackage/ABC0000F/object.xml',
      text: `<INSTANCE CLASSNAME="SMS_TaskSequencePackage">${properties.join('')}</INSTANCE>`,
    },
  ]);
}

const variable = (name: string, value: string): string =>
  expressionXml('Variable', { Variable: name, Operator: 'equals', Value: value });

const userState = (deed: 'capture' | 'restore'): string => `cscript.exe "%SCRIPTROOT%\\ZTIUserState.wsf" /${deed}`;

const restart = (): string =>
  stepXml({ name: 'Restart computer', type: 'SMS_TaskSequence_RebootAction', variables: { Target: '' } });
