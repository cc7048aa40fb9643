import { describe, expect, it } from 'vitest';
import type { StepXml } from '../source-xml.ts';
import { one, sms } from './one-step.ts';

const VISTA = /only Windows before Vista/;

describe('what is taken over and does nothing is named', () => {
  it.each<[StepXml, RegExp, object]>([
    [
      sms('ApplyDriverPackageAction', {
        OSDApplyDriverDriverPackageID: 'ABC00004',
        OSDApplyDriverBootCriticalDriverID: 'ScopeId_1/Driver_2',
        OSDApplyDriverBootCriticalHardwareComponent: 'scsi',
        OSDApplyDriverBootCriticalINFFile: 'a.inf',
      }),
      VISTA,
      { step: 'apply-driver-package', package: 'abc00004' },
    ],
    [
      sms('ApplyWindowsSettingsAction', { OSDServerLicenseMode: 'PerSeat', OSDRandomAdminPassword: 'true' }),
      VISTA,
      { step: 'apply-windows-settings', serverLicenseMode: 'perSeat' },
    ],
    [sms('PrepareOSAction', { OSDBuildStorageDriverList: 'true' }), VISTA, { step: 'prepare-windows-for-capture' }],
    [
      sms('RequestStateStoreAction', { OSDStateRequestType: 'capture', OSDStateFallbackToNAA: 'true' }),
      /no network access account/,
      { step: 'request-state-store' },
    ],
    [
      sms('SetDynamicVariablesAction', {
        OSDSetDynamicVariablesRules:
          '<Rules><Rule><Variables><Variable Name="SMSTSLanguageFolder">1</Variable></Variables></Rule></Rules>',
      }),
      /SMSTSLanguageFolder has no effect here/,
      { step: 'set-dynamic-variables' },
    ],
    [
      sms('UpgradeOperatingSystemAction', {
        OSDUpgradeInstallPackageID: 'ABC00003',
        OSDUpgradePreserveSettings: 'Clean',
      }),
      /settings and programs are kept/,
      { step: 'upgrade-operating-system' },
    ],
    [
      sms('SetVariableAction', { VariableName: 'tsdebugmode', VariableValue: 'true' }),
      /^tsdebugmode has no effect here: there is no debugger/,
      { step: 'set-variable', variable: 'tsdebugmode' },
    ],
    [
      sms('SetVariableAction', { VariableName: 'SMSTSDownloadRetryCount', VariableValue: '5' }),
      /content is read from the medium/,
      { step: 'set-variable' },
    ],
  ])('%j', (source, what, expected) => {
    const { step, changed } = one(source);
    expect(step).toMatchObject(expected);
    expect(changed.filter((text) => what.test(text))).toHaveLength(1);
  });

  it.each<[StepXml]>([
    [sms('ApplyDriverPackageAction', { OSDApplyDriverDriverPackageID: 'ABC00004', OSDRecurse: 'false' })],
    [
      sms('ApplyWindowsSettingsAction', {
        OSDServerLicenseMode: '',
        OSDServerLicenseConnectionLimit: '5',
        OSDRandomAdminPassword: 'true',
      }),
    ],
    [
      sms('UpgradeOperatingSystemAction', {
        OSDUpgradeInstallPackageID: 'ABC00003',
        OSDUpgradePreserveSettings: 'Upgrade',
      }),
    ],
    [sms('SetVariableAction', { VariableName: 'TSDebugModeX', VariableValue: 'true' })],
  ])('nothing is said of %j', (source) => {
    expect(one(source).changed).toEqual([]);
  });
});
