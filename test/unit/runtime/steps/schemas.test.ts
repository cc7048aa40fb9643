import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { StepDefinition } from '../../../../runtime/contract/step.ts';
import { commonFields } from '../../../../runtime/sequence/schema.ts';
import { STEP_DEFINITIONS, type StepType } from '../../../../runtime/steps/schema.ts';

const definitions = STEP_DEFINITIONS as unknown as readonly StepDefinition[];

function definitionOf(type: StepType): StepDefinition {
  const definition = definitions.find((one) => one.type === type);
  if (definition === undefined) throw new Error(`no such step: ${type}`);
  return definition;
}

/** The options with their defaults, or what is wrong with them: of the schema first, then between them. */
function check(type: StepType, options: object): { options?: Record<string, unknown>; problems: readonly string[] } {
  const definition = definitionOf(type);
  const result = z.strictObject(definition.options).safeParse(options);
  if (!result.success) return { problems: result.error.issues.map(({ message }) => message) };
  return { options: result.data, problems: definition.problems(result.data) };
}

function parse(type: StepType, options: object): Record<string, unknown> {
  const checked = check(type, options);
  expect(checked.problems).toEqual([]);
  return checked.options ?? {};
}

/** What a step's variables give, with names in either case, held against its schema. */
function fromVariables(type: StepType, variables: Record<string, string>): Record<string, unknown> {
  const values = new Map(Object.entries(variables).map(([name, value]) => [name.toLowerCase(), value]));
  return definitionOf(type).fromVariables((name) => values.get(name.toLowerCase()));
}

type Meta = { description?: string | undefined; variable?: string; secret?: boolean };
const metaOf = (field: unknown): Meta => (field as z.ZodType).meta() ?? {};

describe('every step', () => {
  it('has a type, a title and a summary of its own', () => {
    for (const of of [(one: StepDefinition) => one.type, (one: StepDefinition) => one.traits.title]) {
      expect(new Set(definitions.map(of)).size).toBe(definitions.length);
    }
    for (const { type, traits } of definitions) {
      expect(type).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(traits.summary).toMatch(/^[A-Z].*\.$/);
      expect(traits.runsOn.length).toBeGreaterThan(0);
    }
  });

  it.each(definitions)('$type describes each of its options, at any depth', ({ options }) => {
    for (const [name, field] of Object.entries(options))
      expect([name, metaOf(field).description]).toEqual([name, text()]);
    expect(undescribed(z.toJSONSchema(z.strictObject(options), { io: 'input' }) as JsonSchema, '')).toEqual([]);
  });

  it.each(definitions)('$type has no option by a name that all steps have', (definition) => {
    const common = { successCodes: 0, ...commonFields(definition), step: 0 };
    expect(Object.keys(definition.options).filter((name) => name in common)).toEqual([]);
  });

  it.each(definitions)('$type names an overriding variable once, and none of the engine', ({ options }) => {
    const names = Object.values(options).flatMap((field) => metaOf(field).variable ?? []);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9]*$/);
  });

  it('that hides a value marks it', () => {
    const secret = /password|pin$|key$/i;
    const marked = definitions.flatMap(({ type, options }) =>
      Object.entries(options)
        .filter(([name]) => secret.test(name) && name !== 'recoveryKey')
        .map(([name, field]) => [`${type}.${name}`, metaOf(field).secret]),
    );
    expect(marked.length).toBeGreaterThan(10);
    expect(marked.filter(([, isMarked]) => isMarked !== true)).toEqual([]);
  });

  it('keeps description and variable of an option together', () => {
    const { computerName } = definitionOf('apply-windows-settings').options;
    expect(metaOf(computerName)).toEqual({
      description: 'The name of the computer; * lets Windows choose one',
      variable: 'OSDComputerName',
    });
  });
});

const text = (): string => expect.stringMatching(/^[A-Za-z*'`].{3,}$/) as string;

type JsonSchema = { description?: string; properties?: Record<string, JsonSchema>; items?: JsonSchema } & {
  anyOf?: JsonSchema[];
};

function undescribed(schema: JsonSchema, path: string): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => [
    ...(field.description === undefined ? [`${path}/${name}`] : []),
    ...undescribed(field, `${path}/${name}`),
  ]);
  const inner = [...(schema.anyOf ?? []), ...(schema.items === undefined ? [] : [schema.items])];
  return [...own, ...inner.flatMap((one) => undescribed(one, path))];
}

const KEY = 'AAAAA-BBBBB-CCCCC-DDDDD-EEEEE';
const STATIC = { dhcp: false, addresses: ['192.0.2.10'], subnetMasks: ['255.255.255.0'], dnsServers: ['192.0.2.1'] };
const RULE = { variables: [{ name: 'A', value: '1' }] };

const GOOD: [StepType, object][] = [
  ['check-readiness', {}],
  ['check-readiness', { osType: 'client', minimumOsVersion: '10.0.19045', architecture: 'x64', osLanguage: 1033 }],
  ['check-readiness', { networkConnected: true, tpmEnabled: true, freeDiskSpace: '20 GB', maximumOsVersion: '%Max%' }],
  ['convert-disk-to-dynamic', {}],
  ['apply-operating-system', { image: 'win11', answerFilePackage: 'answers', answerFile: 'unattend.xml' }],
  ['apply-data-image', { image: 'data', volume: '%DataVolume%' }],
  ['apply-driver-package', { package: 'drivers', forceUnsigned: true, additionalOptions: '/LogLevel:4' }],
  ['apply-windows-settings', { administrator: 'random-and-disabled', uiLanguage: '%Language%', productKey: KEY }],
  ['apply-windows-settings', { administrator: { password: '%AdminPassword%' }, computerName: 'PC-%SERIAL%' }],
  ['apply-windows-settings', { serverLicenseMode: 'perServer', serverLicenseConnections: 5 }],
  ['apply-network-settings', { workgroup: 'WORK', adapters: [STATIC, {}] }],
  [
    'apply-network-settings',
    { domain: 'example.com', account: 'EX\\join', password: '%p%', organizationalUnit: 'OU=A' },
  ],
  ['apply-network-settings', { adapters: [{ ...STATIC, addresses: ['192.0.2.10', '2001:db8::1'] }] }],
  ['setup-windows', {}],
  ['capture-windows-settings', { timeZone: false }],
  ['capture-network-settings', {}],
  ['prepare-windows-for-capture', { keepActivation: true }],
  [
    'capture-operating-system',
    { destination: '\\\\server\\share\\w.WIM', imageVersion: '1', exclusions: ['\\Temp\\*'] },
  ],
  ['capture-operating-system', { destination: '%Target%' }],
  ['request-state-store', { requestType: 'capture' }],
  ['release-state-store', { deleteStore: true }],
  ['capture-user-state', { package: 'usmt', hardlink: true, efs: 'hardlink', offline: true }],
  ['capture-user-state', { package: 'usmt', mode: 'advanced', configFiles: ['MigDocs.xml'], vss: true }],
  ['restore-user-state', { package: 'usmt', localAccounts: true, localAccountPassword: '%p%' }],
  ['install-package', { package: 'tool', command: 'msiexec /i tool.msi /qn' }],
  ['install-package', { baseVariable: 'PACKAGES', candidates: ['tool'], continueOnFailure: true }],
  ['install-application', { applications: ['7zip'] }],
  ['install-application', { baseVariable: 'APPS', candidates: ['7zip'] }],
  ['install-updates', { packages: ['2026-01'] }],
  ['run-command-line', { command: 'cmd /c echo %OSDComputerName%', runAs: { account: 'EX\\a', password: 'p' } }],
  ['run-command-line', { command: ['whoami'], outputVariable: 'Who', workingDirectory: 'C:\\' }],
  ['run-powershell-script', { package: 'scripts', scriptName: 'a.ps1', parameters: '-Name "a b"' }],
  ['run-powershell-script', { sourceScript: 'exit 0', executionPolicy: 'Bypass' }],
  ['set-variable', { variable: 'A', value: 'b', secret: true }],
  ['set-dynamic-variables', { rules: [RULE] }],
  ['set-dynamic-variables', { rules: [{ ...RULE, if: { computer: { serial: 'S', macAddress: 'M' } } }] }],
  ['set-dynamic-variables', { rules: [{ ...RULE, if: { location: { gateway: '192.0.2.1' } } }] }],
  ['set-dynamic-variables', { rules: [{ ...RULE, if: { makeAndModel: { make: '*', model: '*VMware*' } } }] }],
  ['set-dynamic-variables', { rules: [{ ...RULE, if: { variable: '_SMSTSInWinPE', value: 'true' } }] }],
  ['restart-computer', { target: 'winpe', message: 'Soon', delaySeconds: 60 }],
  ['connect-network-folder', { path: '\\\\server\\share\\folder', driveLetter: 'Z:', account: 'a', password: 'b' }],
  ['connect-network-folder', { path: '%Share%', driveLetter: 'z' }],
  ['join-domain-or-workgroup', { domain: 'example.com', skipRestart: true }],
  ['pre-provision-bitlocker', { skipWithoutTpm: true, encryptionMethod: 'XtsAes256' }],
  ['enable-bitlocker', {}],
  ['enable-bitlocker', { mode: 'tpm-and-pin', pin: '%pin%', drive: 'C:' }],
  ['enable-bitlocker', { mode: 'tpm-and-key', startupKeyDrive: 'E:' }],
  ['disable-bitlocker', { restartCount: 0 }],
  ['upgrade-operating-system', { upgradePackage: 'win11', driverPackage: 'drivers', productKey: '%key%' }],
  ['upgrade-operating-system', { installPath: '\\\\server\\win11', scanOnly: true, ignoreMessages: true }],
  ['stage-content', { packages: ['a', 'b'], destination: 'C:\\Stage', destinationVariable: 'CONTENT' }],
  ['run-sequence', { sequence: 'default-applications' }],
];

const BAD: [StepType, object, RegExp][] = [
  ['check-readiness', { minimumOsVersion: '11' }, /a version of Windows/],
  ['check-readiness', { osType: 'CLIENT' }, /Invalid option/],
  ['format-and-partition-disk', { volumes: [{ type: 'logical', size: 'rest' }] }, /Invalid option/],
  ['apply-operating-system', { image: 'a', answerFile: 'a.xml' }, /needs answerFilePackage/],
  ['apply-operating-system', { image: 'a', answerFilePackage: 'a' }, /needs answerFile/],
  ['apply-operating-system', { image: 'a', imageIndex: 0 }, /Too small/],
  ['apply-data-image', { image: 'data' }, /expected string/],
  ['apply-windows-settings', { administrator: 'disabled' }, /Invalid input/],
  ['apply-windows-settings', { serverLicenseMode: 'perServer' }, /serverLicenseConnections/],
  ['apply-windows-settings', { serverLicenseConnections: 4 }, /Too small/],
  ['apply-windows-settings', { computerName: 'has space' }, /at most 15/],
  ['apply-windows-settings', { computerName: 'WAY-TOO-LONG-FOR-IT' }, /at most 15/],
  ['apply-windows-settings', { productKey: 'AAAAA' }, /five groups/],
  ['apply-network-settings', { workgroup: 'W', domain: 'd' }, /exclude each other/],
  ['apply-network-settings', { workgroup: 'W', organizationalUnit: 'OU=A' }, /needs domain/],
  ['apply-network-settings', { adapters: [{ ...STATIC, subnetMasks: [] }] }, /adapter 1: each IPv4 address/],
  ['apply-network-settings', { adapters: [{ ...STATIC, name: 'LAN', dnsServers: [] }] }, /adapter LAN: .*dnsServers/],
  ['apply-network-settings', { adapters: [{ addresses: ['192.0.2.1'] }] }, /need dhcp: false/],
  ['apply-network-settings', { adapters: [{ macAddress: '001122' }] }, /a MAC address/],
  ['setup-windows', { package: 'client' }, /Unrecognized/],
  ['capture-operating-system', { destination: 'C:\\image.esd' }, /ends in \.wim/],
  ['request-state-store', {}, /Invalid option/],
  ['capture-user-state', { package: 'u', vss: true, hardlink: true }, /vss and hardlink/],
  ['capture-user-state', { package: 'u', vss: true, offline: true }, /vss and offline/],
  ['capture-user-state', { package: 'u', vss: true, efs: 'skip' }, /vss and efs/],
  ['capture-user-state', { package: 'u', hardlink: true, encryptionKey: 'k' }, /hardlink and encryptionKey/],
  ['capture-user-state', { package: 'u', efs: 'hardlink' }, /needs hardlink/],
  ['capture-user-state', { package: 'u', offlineWindowsFolder: 'C:\\Windows' }, /needs offline/],
  ['restore-user-state', { package: 'u', hardlink: true, encryptionKey: 'k' }, /hardlink and encryptionKey/],
  ['install-package', { package: 'tool' }, /package and command/],
  ['install-package', { package: 'tool', command: 'a', baseVariable: 'B' }, /instead of/],
  ['install-package', { package: 'tool', command: 'a', candidates: ['b'] }, /need baseVariable/],
  ['install-application', {}, /either applications or baseVariable/],
  ['install-application', { applications: ['a'], baseVariable: 'B' }, /either applications or baseVariable/],
  ['install-application', { applications: [] }, /Too small/],
  ['install-updates', { packages: [] }, /Too small/],
  ['run-command-line', { command: '' }, /Too small|Invalid input/],
  ['run-command-line', { command: 'a', outputVariable: '_SMSTSMake' }, /read-only/],
  ['run-command-line', { command: 'a', runAs: { password: 'p' } }, /expected string/],
  ['run-powershell-script', { scriptName: 'a.ps1' }, /needs package/],
  ['run-powershell-script', { package: 'p' }, /either scriptName or sourceScript/],
  ['run-powershell-script', { sourceScript: 'exit 0', executionPolicy: 'RemoteSigned' }, /Invalid option/],
  ['set-variable', { variable: '_Mine', value: '' }, /read-only/],
  ['set-dynamic-variables', { rules: [] }, /Too small/],
  ['set-dynamic-variables', { rules: [{ ...RULE, if: { computer: {} } }] }, /Invalid input|at least one/],
  ['set-dynamic-variables', { rules: [{ ...RULE, if: { makeAndModel: { make: 'A' } } }] }, /Invalid input/],
  ['set-dynamic-variables', { rules: [{ variables: [{ name: '_SMSTSMake', value: 'a' }] }] }, /read-only/],
  ['restart-computer', { target: 'hd' }, /Invalid option/],
  ['restart-computer', { message: 'x'.repeat(513) }, /Too big/],
  ['connect-network-folder', { path: 'C:\\folder' }, /a shared folder/],
  ['connect-network-folder', { path: '\\\\s\\s', driveLetter: 'X:' }, /drive letter/],
  ['join-domain-or-workgroup', { domain: 'd', workgroup: 'W' }, /exclude each other/],
  ['enable-bitlocker', { pin: '1234' }, /pin needs mode/],
  ['enable-bitlocker', { startupKeyDrive: 'E:' }, /needs mode key/],
  ['disable-bitlocker', { restartCount: 16 }, /Too big/],
  ['upgrade-operating-system', {}, /either upgradePackage or installPath/],
  ['upgrade-operating-system', { installPath: 'D:', driverPackage: 'a', driverFolder: 'b' }, /exclude each other/],
  ['stage-content', { packages: ['a'], destinationVariable: '_X' }, /read-only/],
  ['run-sequence', { sequence: 'Default Applications' }, /lower-case/],
];

describe('options', () => {
  it.each(GOOD)('of %s may be %j', (type, options) => {
    expect(check(type, options).problems).toEqual([]);
  });

  it.each(BAD)('of %s may not be %j', (type, options, problem) => {
    expect(check(type, options).problems.join('\n')).toMatch(problem);
  });

  it('of every step are tried here', () => {
    const tried = new Set([...GOOD.map(([type]) => type), 'format-and-partition-disk']);
    expect(STEP_DEFINITIONS.map(({ type }) => type).filter((type) => !tried.has(type))).toEqual([]);
  });

  it("have ConfigMgr's defaults", () => {
    expect(parse('capture-user-state', { package: 'u' })).toMatchObject({
      mode: 'simple',
      continueOnLockedFiles: true,
      vss: false,
    });
    expect(parse('enable-bitlocker', {})).toMatchObject({ mode: 'tpm', recoveryKey: 'active-directory' });
    expect(parse('apply-data-image', { image: 'a', volume: 'b' })).toMatchObject({ wipe: true });
    expect(parse('disable-bitlocker', {})).toEqual({ restartCount: 1 });
  });
});

describe('what can be told of a step beforehand', () => {
  const needs = (type: StepType, options: object): object => definitionOf(type).needs(parse(type, options));
  const sets = (type: StepType, options: object): readonly string[] => definitionOf(type).sets(parse(type, options));
  const goesOnIn = (type: StepType, options: object): unknown => definitionOf(type).continuesIn(parse(type, options));

  it('is what it takes from the medium', () => {
    expect(needs('apply-operating-system', { image: 'i', answerFilePackage: 'p', answerFile: 'a' })).toEqual({
      images: ['i'],
      packages: ['p'],
    });
    expect(needs('install-application', { baseVariable: 'B', candidates: ['a'] })).toEqual({ applications: ['a'] });
    expect(needs('install-package', { package: 'p', command: 'c' })).toEqual({ packages: ['p'] });
    expect(needs('upgrade-operating-system', { upgradePackage: 'u', postOobePackage: 'p' })).toEqual({
      upgradePackages: ['u'],
      packages: ['p'],
      windowsRuntime: true,
    });
    expect(needs('setup-windows', {})).toEqual({ windowsRuntime: true });
    expect(definitionOf('run-sequence').child(parse('run-sequence', { sequence: 'a' }))).toBe('a');
  });

  it('is which variables it sets', () => {
    expect(sets('stage-content', { packages: ['a', 'b'], destinationVariable: 'C' })).toEqual(['C01', 'C02']);
    expect(sets('capture-windows-settings', { computerName: false, registrationInfo: false })).toEqual(['OSDTimeZone']);
    expect(sets('set-dynamic-variables', { rules: [RULE, RULE] }).filter((name) => !name.startsWith('_'))).toEqual([
      'A',
    ]);
    expect(sets('run-command-line', { command: 'a', outputVariable: 'Out' })).toEqual(['Out']);
    expect(
      sets('format-and-partition-disk', { volumes: [{ type: 'primary', size: 'rest', variable: 'OSDisk' }] }),
    ).toEqual(['OSDisk']);
  });

  it('is where the sequence goes on', () => {
    expect(goesOnIn('setup-windows', {})).toBe('full-os');
    expect(goesOnIn('restart-computer', {})).toBe('full-os');
    expect(goesOnIn('restart-computer', { target: 'winpe' })).toBe('winpe');
    expect(goesOnIn('prepare-windows-for-capture', {})).toBe('winpe');
    expect(goesOnIn('upgrade-operating-system', { installPath: 'D:' })).toBe('full-os');
    expect(goesOnIn('upgrade-operating-system', { installPath: 'D:', scanOnly: true })).toBeUndefined();
  });
});

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

  it('of Format and Partition Disk are refused by its schema where no layout can be made of them', () => {
    const logical = fromVariables('format-and-partition-disk', { OSDPartitions: '1', OSDPartitions0Type: 'Logical' });
    expect(check('format-and-partition-disk', logical).problems).not.toEqual([]);
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
  ])('of %s: %j', (type, variables, options) => {
    expect(fromVariables(type, variables)).toEqual(options);
  });
});
