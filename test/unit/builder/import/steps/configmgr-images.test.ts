import { describe, expect, it } from 'vitest';
import type { StepXml } from '../source-xml.ts';
import { one, sms } from './one-step.ts';

describe('steps of ConfigMgr for disks, images and user state', () => {
  it.each<[StepXml, object]>([
    [sms('ConvertDiskAction', { OSDConvertDiskIndex: '0' }), { step: 'convert-disk-to-dynamic' }],
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
  ])('reads $type: %j', (source, expected) => {
    const { step, left } = one(source);
    expect(left).toEqual([]);
    expect(step).toMatchObject(expected);
  });
});
