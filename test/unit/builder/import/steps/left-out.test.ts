import { describe, expect, it } from 'vitest';
import { importText } from '../import-text.ts';
import { groupXml, type StepXml, sequenceXml, stepXml } from '../source-xml.ts';
import { one, sms } from './one-step.ts';

describe('what cannot be taken over as it is', () => {
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
