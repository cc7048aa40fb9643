import { describe, expect, it } from 'vitest';
import { expressionXml, type StepXml, stepXml } from '../source-xml.ts';
import { one, sms } from './one-step.ts';

describe('steps of ConfigMgr for disks, images and user state', () => {
  it.each<[StepXml, object]>([
    [sms('ConvertDiskAction', { OSDConvertDiskIndex: '0' }), { step: 'convert-disk-to-dynamic' }],
    [
      sms('ApplyOperatingSystemAction', {
        ImagePackageID: 'ABC00007',
        OSDImageIndex: '3',
        OsdLayeredDriver: '6',
        ConfigFilePackage: 'ABC00008',
        OSDConfigFileName: 'unattend.xml',
      }),
      {
        step: 'apply-operating-system',
        image: 'abc00007',
        imageIndex: 3,
        layeredDriver: 6,
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
      sms('RequestStateStoreAction', {
        OSDStateRequestType: 'restore',
        OSDStateSMPRetryCount: '3',
        OSDStateSMPRetryTime: '60',
      }),
      { step: 'request-state-store', requestType: 'restore', retryCount: 3, retrySeconds: 60 },
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

describe('where an image goes', () => {
  const apply = (variables: Record<string, string>) =>
    sms('ApplyOperatingSystemAction', { ImagePackageID: 'ABC00007', ...variables });
  const layout = (condition = '') =>
    stepXml(
      sms(
        'PartitionDiskAction',
        {
          OSDPartitions: '1',
          OSDPartitions0Type: 'Primary',
          OSDPartitions0Size: '100',
          OSDPartitions0SizeUnits: 'PERCENT',
        },
        { condition },
      ),
    );
  const inWinpe = `<condition>${expressionXml('Variable', { Operator: 'equals', Value: 'true', Variable: 'A' })}</condition>`;
  const capture = stepXml(sms('CaptureUserStateAction', { _OSDMigrateUsmtPackageID: 'ABC00005' }));

  it.each<[Record<string, string>, unknown]>([
    [
      { DestinationDisk: '0', DestinationPartition: '3' },
      { diskNumber: 0, partition: 3 },
    ],
    [{ DestinationLogicalDrive: 'D:' }, { drive: 'D:' }],
    [{}, 'present-windows'],
  ])('without a layout: %j', (variables, destination) => {
    expect(one(apply(variables)).step).toMatchObject({ destination, wipe: true });
  });

  it('with a layout: one of its volumes', () => {
    expect(one(apply({}), layout()).step).not.toHaveProperty('destination');
    expect(one(apply({}), layout(inWinpe)).step).not.toHaveProperty('destination');
  });

  it('with a layout that a refresh passes over: both', () => {
    const { step, changed } = one(apply({}), capture, layout(inWinpe));
    expect(step).toMatchObject({ destination: 'present-windows', wipe: true });
    expect(changed).toContain('where no disk is laid out it replaces the Windows that is there, beside the user state');
  });

  it('of data: to a partition, which is wiped unless it says otherwise', () => {
    const data = { ImagePackageID: 'ABC00007', DestinationDisk: '1', DestinationPartition: '1' };
    expect(one(sms('ApplyDataImageAction', data)).step).toMatchObject({ destination: { diskNumber: 1, partition: 1 } });
    expect(one(sms('ApplyDataImageAction', { ImagePackageID: 'ABC00007' })).step).toMatchObject({ volume: 'Data' });
  });
});
