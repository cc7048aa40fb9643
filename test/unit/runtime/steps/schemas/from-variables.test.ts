import { describe, expect, it } from 'vitest';
import type { StepType } from '../../../../../runtime/steps/schema.ts';
import { check, fromVariables, parse } from './definitions.ts';

describe('variables that give options', () => {
  it('of Format and Partition Disk are the OSDPartitions array, counted from 0', () => {
    const given = fromVariables('format-and-partition-disk', {
      osdpartitionstyle: 'GPT',
      OSDPartitions: '5',
      OSDPartitions0Type: 'EFI',
      OSDPartitions0FileSystem: 'FAT32',
      OSDPartitions0Size: '512',
      OSDPartitions0VolumeLetterVariable: 'TSUEFIDrive',
      OSDPartitions1Type: 'MSR',
      OSDPartitions1Size: '128',
      OSDPartitions1SizeUnits: 'MB',
      OSDPartitions2Type: 'Primary',
      OSDPartitions2FileSystem: 'NTFS',
      OSDPartitions2Size: '50',
      OSDPartitions2SizeUnits: 'Percent',
      OSDPartitions2VolumeName: 'Windows',
      OSDPartitions2Bootable: 'True',
      OSDPartitions2VolumeLetterVariable: 'OSDisk',
      OSDPartitions3Type: 'Primary',
      OSDPartitions3Size: '50',
      OSDPartitions3SizeUnits: '%',
      OSDPartitions4Type: 'RECOVERY',
      OSDPartitions5Type: 'Primary',
    });
    expect(given).toEqual({
      style: 'gpt',
      volumes: [
        { type: 'efi', size: '512 MB', fileSystem: 'fat32', variable: 'TSUEFIDrive' },
        { type: 'msr', size: '128 MB' },
        { type: 'primary', size: '50%', name: 'Windows', fileSystem: 'ntfs', bootable: true, variable: 'OSDisk' },
        { type: 'primary', size: '25%' },
        { type: 'recovery', size: 'rest' },
      ],
    });
    parse('format-and-partition-disk', given);
  });

  it('of Format and Partition Disk have shares of logical volumes within the extended one', () => {
    const given = fromVariables('format-and-partition-disk', {
      OSDPartitionStyle: 'MBR',
      OSDPartitions: '6',
      OSDPartitions0Type: 'Primary',
      OSDPartitions0Size: '40',
      OSDPartitions0SizeUnits: 'Percent',
      OSDPartitions0Bootable: 'True',
      OSDPartitions1Type: 'Extended',
      OSDPartitions1Size: '50',
      OSDPartitions1SizeUnits: 'Percent',
      OSDPartitions1FileSystem: 'NTFS',
      OSDPartitions1VolumeName: 'of no use',
      OSDPartitions1VolumeLetterVariable: 'Nothing',
      OSDPartitions2Type: 'Logical',
      OSDPartitions2Size: '50',
      OSDPartitions2SizeUnits: '%',
      OSDPartitions2VolumeLetterVariable: 'Data',
      OSDPartitions3Type: 'Logical',
      OSDPartitions3Size: '50',
      OSDPartitions3SizeUnits: '%',
      OSDPartitions4Type: 'Logical',
      OSDPartitions5Type: 'Hidden',
      OSDPartitions5Size: '2',
      OSDPartitions5SizeUnits: 'GB',
      OSDPartitions5FileSystem: 'FAT32',
    });
    expect(given).toEqual({
      style: 'mbr',
      volumes: [
        { type: 'primary', size: '40%', bootable: true },
        { type: 'extended', size: '30%' },
        { type: 'logical', size: '50%', variable: 'Data' },
        { type: 'logical', size: '25%' },
        { type: 'logical', size: 'rest' },
        { type: 'hidden', size: '2 GB', fileSystem: 'fat32' },
      ],
    });
    parse('format-and-partition-disk', given);
  });

  it('of Format and Partition Disk say how a volume is formatted and whether it has a letter, where that is open', () => {
    const volumes = [
      { Type: 'EFI', AssignVolumeLetter: 'false', QuickFormat: 'True' },
      { Type: 'MSR', AssignVolumeLetter: 'false', QuickFormat: 'true' },
      { Type: 'Primary', AssignVolumeLetter: 'true', QuickFormat: 'False' },
      { Type: 'Primary', AssignVolumeLetter: 'false', QuickFormat: 'true' },
      { Type: 'Primary', AssignVolumeLetter: 'false', Bootable: 'true' },
      { Type: 'RECOVERY', AssignVolumeLetter: 'false' },
    ];
    const variables = volumes.flatMap((volume, index) =>
      Object.entries({ ...volume, Size: '100' }).map(([field, value]) => [`OSDPartitions${index}${field}`, value]),
    );
    const given = fromVariables('format-and-partition-disk', {
      OSDPartitions: String(volumes.length),
      ...(Object.fromEntries(variables) as Record<string, string>),
    });
    expect(given).toEqual({
      volumes: [
        { type: 'efi', size: '100 MB' },
        { type: 'msr', size: '100 MB' },
        { type: 'primary', size: '100 MB', quickFormat: false },
        { type: 'primary', size: '100 MB', assignVolumeLetter: false },
        { type: 'primary', size: '100 MB', bootable: true },
        { type: 'recovery', size: '100 MB' },
      ],
    });
  });

  it('of Format and Partition Disk are refused by its schema where no layout can be made of them', () => {
    const typed = fromVariables('format-and-partition-disk', { OSDPartitions: '1', OSDPartitions0Type: 'Dynamic' });
    expect(check('format-and-partition-disk', typed).problems).not.toEqual([]);
    const alone = fromVariables('format-and-partition-disk', { OSDPartitions: '1', OSDPartitions0Type: 'Logical' });
    expect(check('format-and-partition-disk', alone).problems).toEqual([
      'a logical volume follows the extended one that it lies in, or another logical one',
    ]);
    const many = fromVariables('format-and-partition-disk', { OSDPartitions: '200' });
    expect(check('format-and-partition-disk', many).problems).toContain(
      'a GPT disk has at most 128 partitions, and 129 are asked',
    );
    const sized = fromVariables('format-and-partition-disk', { OSDPartitions: '1', OSDPartitions0Size: 'big' });
    expect(check('format-and-partition-disk', sized).problems).not.toEqual([]);
    expect(fromVariables('format-and-partition-disk', { OSDPartitions: 'many', OSDPartitions0Type: 'EFI' })).toEqual(
      {},
    );
  });

  it('of Apply Network Settings are the OSDAdapter array, counted from 0', () => {
    const given = fromVariables('apply-network-settings', {
      OSDAdapterCount: '2',
      OSDAdapter0EnableDHCP: 'False',
      OSDAdapter0MacAddress: '00:11:22:33:44:55',
      OSDAdapter0Name: 'LAN',
      OSDAdapter0IPAddressList: '192.0.2.10, 192.0.2.11',
      OSDAdapter0SubnetMask: '255.255.255.0,255.255.255.0',
      OSDAdapter0Gateways: '192.0.2.1',
      OSDAdapter0DNSServerList: '192.0.2.2,192.0.2.3',
      OSDAdapter0DNSSuffix: 'example.com',
      OSDAdapter0EnableDNSRegistration: 'true',
      OSDAdapter0TcpipNetbiosOptions: '2',
      OSDAdapter0EnableWINS: 'false',
      OSDAdapter0WINSServerList: '192.0.2.4',
      OSDAdapter1EnableDHCP: 'true',
      OSDDNSSuffixSearchOrder: 'example.com, example.org',
    }) as { adapters: object[]; dnsSuffixSearchOrder: string[] };
    expect(given.dnsSuffixSearchOrder).toEqual(['example.com', 'example.org']);
    expect(given.adapters).toHaveLength(2);
    expect(given.adapters[0]).toEqual({
      name: 'LAN',
      macAddress: '00:11:22:33:44:55',
      dhcp: false,
      addresses: ['192.0.2.10', '192.0.2.11'],
      subnetMasks: ['255.255.255.0', '255.255.255.0'],
      gateways: ['192.0.2.1'],
      dnsServers: ['192.0.2.2', '192.0.2.3'],
      dnsSuffix: 'example.com',
      registerInDns: true,
      netbios: 'disabled',
      winsServers: [],
    });
    expect(given.adapters[1]).toMatchObject({ dhcp: true, addresses: [] });
    parse('apply-network-settings', given);
    expect(fromVariables('apply-network-settings', { OSDAdapter0EnableDHCP: 'false' })).toEqual({});
  });

  it('of a join type take the other kind of membership away', () => {
    const both = { domain: 'example.com', workgroup: 'W' };
    const left = { ...both, ...fromVariables('join-domain-or-workgroup', { OSDJoinType: '0' }) };
    expect(parse('join-domain-or-workgroup', left)).toMatchObject({ domain: 'example.com', workgroup: undefined });
    expect(fromVariables('apply-network-settings', { OSDNetworkJoinType: '1' })).toEqual({ domain: undefined });
  });

  it.each<[StepType, Record<string, string>, object]>([
    ['apply-windows-settings', { OSDLocalAdminPassword: 'p' }, { administrator: { password: 'p' } }],
    [
      'apply-windows-settings',
      { OSDLocalAdminPassword: 'p', OSDRandomAdminPassword: 'TRUE' },
      { administrator: 'random-and-disabled' },
    ],
    ['apply-windows-settings', { OSDServerLicenseMode: 'PERSEAT' }, { serverLicenseMode: 'perSeat' }],
    ['run-command-line', { SMSTSRunCommandLineUserName: 'a' }, {}],
    ['run-command-line', { SMSTSRunCommandLineAsUser: 'false' }, { runAs: undefined }],
    [
      'run-command-line',
      { SMSTSRunCommandLineAsUser: 'true', SMSTSRunCommandLineUserName: 'a', SMSTSRunCommandLineUserPassword: 'p' },
      { runAs: { account: 'a', password: 'p' } },
    ],
    [
      'capture-user-state',
      { OSDMigrateMode: 'Advanced', OSDMigrateConfigFiles: 'a.xml, b.xml', OSDMigrateSkipEncryptedFiles: 'true' },
      { mode: 'advanced', configFiles: ['a.xml', 'b.xml'], efs: 'skip' },
    ],
    ['disable-bitlocker', { OSDBitLockerRebootCountOverride: '0' }, { restartCount: 0 }],
    ['apply-operating-system', { OSDInstallEditionIndex: '6' }, { imageIndex: 6 }],
    ['apply-operating-system', { OSDInstallEditionIndex: '6', OSDImageIndex: '1' }, {}],
  ])('of %s: %j', (type, variables, options) => {
    expect(fromVariables(type, variables)).toEqual(options);
  });
});
