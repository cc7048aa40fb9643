import { describe, expect, it } from 'vitest';
import type { RegistryValue, SystemFacts } from '../../../../runtime/contract/facts.ts';
import { NetworkAdapter, OperatingSystem } from '../../../../runtime/contract/machine.ts';
import { applyNetworkSettings } from '../../../../runtime/steps/apply-network-settings/schema.ts';
import { runCaptureNetworkSettings } from '../../../../runtime/steps/capture-network-settings/run.ts';
import { runCaptureWindowsSettings } from '../../../../runtime/steps/capture-windows-settings/run.ts';
import { runPrepareWindowsForCapture } from '../../../../runtime/steps/prepare-windows-for-capture/run.ts';
import { skipRearmXml, sysprepArgv } from '../../../../runtime/steps/prepare-windows-for-capture/sysprep.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { noFacts } from '../../../helpers/no-facts.ts';
import { DISK } from './captured-disk.ts';
import { type ContextWish, stepContext } from './step-context.ts';

const WINDOWS = OperatingSystem.parse({
  caption: 'Microsoft Windows 11 Pro',
  version: '10.0.26100',
  build: 26100,
  architecture: 'x64',
  computerName: 'PC-1',
  workgroup: 'WORKGROUP',
});

const text = (data: string): RegistryValue => ({ type: 'REG_SZ', data });

function registry(values: Record<string, RegistryValue>): SystemFacts {
  return { ...noFacts('a registry'), registryValue: async (key, name) => values[`${key}\\${name}`] };
}

describe('capture-windows-settings', () => {
  const ALL = { computerName: true, registrationInfo: true, timeZone: true };
  const NAMES = ['OSDComputerName', 'OSDRegisteredUserName', 'OSDRegisteredOrgName', 'OSDTimeZone'];

  it('asks the Windows that runs', async () => {
    const wish: ContextWish = { name: 'windows', machine: aMachine({ operatingSystem: WINDOWS }) };
    const { context, platform, variables, ran } = await stepContext(wish);
    const version = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
    const control = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control';
    platform.facts = registry({
      [`${version}\\RegisteredOwner`]: text('Somebody'),
      [`${version}\\RegisteredOrganization`]: text('Example'),
      [`${control}\\TimeZoneInformation\\TimeZoneKeyName`]: text('UTC\0ard Time'),
    });
    await runCaptureWindowsSettings(ALL, context);
    expect(NAMES.map((name) => variables.get(name))).toEqual(['PC-1', 'Somebody', 'Example', 'UTC']);
    expect(ran).toEqual([]);
  });

  it('in WinPE loads the registry of the Windows on the disk, and unloads it', async () => {
    const { context, platform, variables, ran } = await stepContext();
    platform.installed = [DISK];
    platform.facts = registry({
      'HKEY_LOCAL_MACHINE\\MediasmithSystem\\Select\\Current': { type: 'REG_DWORD', data: 2n },
      'HKEY_LOCAL_MACHINE\\MediasmithSystem\\ControlSet002\\Control\\ComputerName\\ComputerName\\ComputerName':
        text('OLD'),
      'HKEY_LOCAL_MACHINE\\MediasmithSoftware\\Microsoft\\Windows NT\\CurrentVersion\\RegisteredOwner': text('Me'),
    });
    await runCaptureWindowsSettings({ ...ALL, timeZone: false }, context);
    expect(NAMES.map((name) => variables.get(name))).toEqual(['OLD', 'Me', undefined, undefined]);
    expect(ran.map((line) => line.slice(line.indexOf('reg.exe')))).toMatchInlineSnapshot(`
      [
        "reg.exe load HKLM\\MediasmithSoftware W:\\Windows\\System32\\config\\SOFTWARE",
        "reg.exe load HKLM\\MediasmithSystem W:\\Windows\\System32\\config\\SYSTEM",
        "reg.exe unload HKLM\\MediasmithSystem",
        "reg.exe unload HKLM\\MediasmithSoftware",
      ]
    `);
  });

  it('unloads what it has loaded when something fails', async () => {
    const { context, platform, ran } = await stepContext({ exitCode: (line) => Number(line.endsWith('SYSTEM')) });
    platform.installed = [DISK];
    await expect(runCaptureWindowsSettings(ALL, context)).rejects.toThrow('has failed');
    expect(ran.at(-1)).toMatch(/reg\.exe unload HKLM\\MediasmithSoftware$/);
  });

  it('unloads also after an interruption', async () => {
    const { context, platform, ran } = await stepContext();
    platform.installed = [DISK];
    const interrupt = new AbortController();
    platform.facts = {
      ...registry({}),
      registryValue: async () => {
        interrupt.abort(new Error('interrupted'));
        throw interrupt.signal.reason;
      },
    };
    const run: typeof context.run = async (argv, options) => {
      interrupt.signal.throwIfAborted();
      return context.exec(argv, options);
    };
    await expect(runCaptureWindowsSettings(ALL, { ...context, run })).rejects.toThrow('interrupted');
    expect(ran.filter((line) => line.includes(' unload '))).toHaveLength(2);
  });

  it.each([
    [[], 'no installed Windows'],
    [[DISK, DISK], '2 installed Windows'],
  ])('never guesses which Windows is meant', async (installed, message) => {
    const { context, platform } = await stepContext();
    platform.installed = installed;
    const running = runCaptureWindowsSettings(ALL, context);
    await expect(running).rejects.toMatchObject({
      code: 'VOLUME_NOT_FOUND',
      message: expect.stringContaining(message),
    });
  });
});

describe('capture-network-settings', () => {
  const adapter = (wish: object): NetworkAdapter =>
    NetworkAdapter.parse({ name: 'LAN', mac: '02:00:00:00:00:01', ...wish });
  const FIXED = adapter({
    name: 'Fixed',
    dhcp: false,
    addresses: ['fe80::1', '192.0.2.10'],
    subnetMasks: ['64', '255.255.255.0'],
    gateways: ['192.0.2.1', 'fe80::2'],
    dnsServers: ['192.0.2.2', '192.0.2.3'],
  });

  async function capture(machine: Parameters<typeof aMachine>[0], facts: Record<string, RegistryValue> = {}) {
    const subject = await stepContext({ name: 'windows', machine: aMachine(machine) });
    subject.platform.facts = registry(facts);
    await runCaptureNetworkSettings({ networkMembership: true, adapterSettings: true }, subject.context);
    return { ...subject, set: Object.fromEntries(subject.variables.list().map(({ name, value }) => [name, value])) };
  }

  it('keeps the membership, the adapters and what is said of DNS', async () => {
    const parameters = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters';
    const { set, logged } = await capture(
      { operatingSystem: WINDOWS, networkAdapters: [adapter({}), FIXED, adapter({ name: 'Half', dhcp: false })] },
      { [`${parameters}\\SearchList`]: text('example.com,example.net') },
    );
    expect(set).toMatchInlineSnapshot(`
      {
        "OSDAdapter0EnableDHCP": "true",
        "OSDAdapter0MacAddress": "02:00:00:00:00:01",
        "OSDAdapter0Name": "LAN",
        "OSDAdapter1DNSServerList": "192.0.2.2,192.0.2.3",
        "OSDAdapter1EnableDHCP": "false",
        "OSDAdapter1Gateways": "192.0.2.1",
        "OSDAdapter1IPAddressList": "192.0.2.10",
        "OSDAdapter1MacAddress": "02:00:00:00:00:01",
        "OSDAdapter1Name": "Fixed",
        "OSDAdapter1SubnetMask": "255.255.255.0",
        "OSDAdapterCount": "2",
        "OSDDNSSuffixSearchOrder": "example.com,example.net",
        "OSDNetworkJoinType": "1",
        "OSDWorkgroupName": "WORKGROUP",
      }
    `);
    expect(logged).toContainEqual(expect.stringMatching(/^warning: adapter Half .*left out$/));
  });

  it('gives what Apply Network Settings takes', async () => {
    const operatingSystem = { ...WINDOWS, domain: 'example.com', workgroup: '' };
    const { variables } = await capture({ operatingSystem, networkAdapters: [FIXED] });
    expect(variables.get('OSDDomainName')).toBe('example.com');
    const given = applyNetworkSettings.fromVariables((name) => variables.get(name));
    expect(given.adapters).toEqual([
      expect.objectContaining({
        dhcp: false,
        addresses: ['192.0.2.10'],
        subnetMasks: ['255.255.255.0'],
        gateways: ['192.0.2.1'],
      }),
    ]);
    expect(applyNetworkSettings.problems({ ...given, domain: 'example.com' } as never)).toEqual([]);
  });
});

describe('prepare-windows-for-capture', () => {
  const STATE = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State\\ImageState';
  const OPTIONS = { keepActivation: false, shutDown: false };

  async function prepare(options: Partial<typeof OPTIONS>, imageState: string, domain = '') {
    const machine = aMachine({ operatingSystem: { ...WINDOWS, domain } });
    const subject = await stepContext({ name: 'windows', machine });
    subject.platform.facts = registry({ [STATE]: text(imageState) });
    return { ...subject, running: runPrepareWindowsForCapture({ ...OPTIONS, ...options }, subject.context) };
  }

  it('runs Sysprep and leaves the restart to the sequence', async () => {
    const { running, ran, variables } = await prepare({}, 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE');
    await running;
    expect(ran).toEqual(['C:\\Windows\\System32\\Sysprep\\sysprep.exe /generalize /oobe /quit /quiet']);
    expect(variables.get('OSDTargetSystemRoot')).toBe('C:\\Windows');
  });

  it('does not believe an exit code alone', async () => {
    const { running } = await prepare({}, 'IMAGE_STATE_COMPLETE');
    await expect(running).rejects.toMatchObject({
      code: 'STEP_FAILED',
      message: expect.stringContaining('IMAGE_STATE_COMPLETE'),
    });
  });

  it('refuses a member of a domain before anything is done', async () => {
    const { running, ran } = await prepare({}, '', 'example.com');
    await expect(running).rejects.toMatchObject({ code: 'STEP_FAILED' });
    expect(ran).toEqual([]);
  });

  it('can leave the activation alone', async () => {
    const { running, ran } = await prepare({ keepActivation: true }, 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE');
    await running;
    expect(ran[0]).toMatch(/ \/unattend:.*sysprep\.xml$/);
    expect(sysprepArgv('D:\\Windows', 'a b.xml').at(-1)).toBe('/unattend:a b.xml');
    expect(skipRearmXml('arm64')).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="utf-8"?>
      <unattend xmlns="urn:schemas-microsoft-com:unattend">
        <settings pass="generalize">
          <component name="Microsoft-Windows-Security-SPP" processorArchitecture="arm64" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS">
            <SkipRearm>1</SkipRearm>
          </component>
        </settings>
      </unattend>
      "
    `);
  });
});
