import { describe, expect, it } from 'vitest';
import type { StepXml } from '../source-xml.ts';
import { one, sms } from './one-step.ts';

describe('steps of ConfigMgr that look after Windows', () => {
  it.each<[StepXml, object]>([
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
  ])('reads $type: %j', (source, expected) => {
    const { step, left } = one(source);
    expect(left).toEqual([]);
    expect(step).toMatchObject(expected);
  });
});
