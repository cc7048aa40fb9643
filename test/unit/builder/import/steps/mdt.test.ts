import { describe, expect, it } from 'vitest';
import { importText } from '../import-text.ts';
import { expressionXml, groupXml, type StepXml, sequenceXml, stepXml } from '../source-xml.ts';
import { one, sms } from './one-step.ts';

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
      { action: 'cscript.exe "%SCRIPTROOT%\\ZTINICConfig.wsf" /ForceCapture' },
      { step: 'capture-network-settings', runIn: 'full-os' },
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

  it('captures user state in the running Windows, and before the image from the disk, into a store it asks for', () => {
    const capture = stepXml({ name: 'Capture', action: 'cscript.exe "%SCRIPTROOT%\\ZTIUserState.wsf" /capture' });
    const { entries, report } = importText(sequenceXml(phase('STATECAPTURE', capture), phase('PREINSTALL', capture)));
    const steps = (runIn: string) => [
      { step: 'request-state-store', requestType: 'capture', runIn },
      { step: 'capture-user-state', name: 'Capture', package: 'usmt', runIn, offline: runIn === 'winpe' },
    ];
    expect(entries[1]).toMatchObject({ steps: steps('full-os') });
    expect(entries[2]).toMatchObject({ steps: steps('winpe') });
    expect(report).toMatchObject({ steps: 2, takenOver: 2 });
    expect(report.changed.map(({ what }) => what)).toEqual(
      expect.arrayContaining([expect.stringContaining('running Windows only'), expect.stringContaining('on the disk')]),
    );
  });

  it('restores user state only where there is a store, besides what the step asks for itself', () => {
    const action = 'cscript.exe "%SCRIPTROOT%\\ZTIUserState.wsf" /restore';
    const store = { variable: 'OSDStateStorePath', operator: 'exists' };
    expect(one({ action }).step).toMatchObject({ step: 'restore-user-state', condition: store });
    const own = expressionXml('Variable', { Variable: 'A', Operator: 'equals', Value: '1' });
    const asked = { variable: 'A', operator: 'equals', value: '1' };
    expect(one({ action, condition: `<condition>${own}</condition>` }).step).toMatchObject({
      condition: { all: [asked, store] },
    });
  });

  it('encrypts the volume of the layout before the image', () => {
    const layout = stepXml(
      sms('PartitionDiskAction', {
        OSDPartitionStyle: 'GPT',
        OSDPartitions: '1',
        OSDPartitions0Type: 'Primary',
        OSDPartitions0VolumeName: 'System',
        OSDPartitions0VolumeLetterVariable: 'OSDisk',
      }),
    );
    const bitlocker = stepXml({ action: 'cscript.exe "%SCRIPTROOT%\\ZTIBde.wsf"' });
    const { entries } = importText(sequenceXml(phase('PREINSTALL', layout, bitlocker)));
    expect(entries[1]).toMatchObject({ steps: [{}, { step: 'pre-provision-bitlocker', volume: '%OSDisk%' }] });
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

describe('scripts of PowerShell Deployment', () => {
  const psd = (script: string): StepXml => ({
    type: 'SMS_TaskSequence_RunCommandLineAction',
    action: `powershell.exe -NoProfile -file %SCRIPTROOT%\\${script}`,
  });

  it.each([
    [psd('PSDConfigure.ps1'), { step: 'apply-windows-settings' }],
    [psd('PSDPartition.ps1'), { step: 'format-and-partition-disk' }],
    [psd('PSDValidate.ps1'), { step: 'check-readiness' }],
    [psd('PSDApplications.ps1'), { step: 'install-application', baseVariable: 'Applications' }],
    [
      { type: 'BDD_RunPowerShellAction', variables: { ScriptName: 'PSDConfigure.ps1' } },
      { step: 'apply-windows-settings' },
    ],
  ] as [StepXml, object][])('are the steps that they take the place of: %j', (source, step) => {
    expect(one(source).step).toMatchObject(step);
  });

  it.each([
    ['PSDTattoo.ps1', /registry/],
    ['PSDWindowsUpdate.ps1', /WSUS/],
    ['PSDGather.ps1', /gathered by the engine/],
  ])('are left out where nothing is to be done: %s', (script, reason) => {
    expect(one(psd(script)).left).toEqual([expect.stringMatching(reason)]);
  });

  it('are no others, nor those of somebody with such a name', () => {
    expect(one(psd('PSDMine.ps1')).step).toMatchObject({ step: 'run-command-line', package: 'deployment-share' });
    const own = {
      type: 'SMS_TaskSequence_RunCommandLineAction',
      action: 'powershell.exe -File C:\\Own\\PSDConfigure.ps1',
    };
    expect(one(own).step).toMatchObject({ step: 'run-command-line' });
  });
});
