import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { RegistryValue, SystemFacts } from '../../../../runtime/contract/facts.ts';
import { NetworkAdapter, OperatingSystem } from '../../../../runtime/contract/machine.ts';
import type { OtherVolume } from '../../../../runtime/platform/place-to-write.ts';
import type { TargetDisk, TargetVolume } from '../../../../runtime/platform/platform.ts';
import type { StepOptions } from '../../../../runtime/sequence/schema.ts';
import { applyNetworkSettings } from '../../../../runtime/steps/apply-network-settings/schema.ts';
import { runCaptureNetworkSettings } from '../../../../runtime/steps/capture-network-settings/run.ts';
import { describeImage, imagesToCapture } from '../../../../runtime/steps/capture-operating-system/images.ts';
import { runCaptureOperatingSystem } from '../../../../runtime/steps/capture-operating-system/run.ts';
import { runCaptureWindowsSettings } from '../../../../runtime/steps/capture-windows-settings/run.ts';
import type { StepContext } from '../../../../runtime/steps/context.ts';
import { runPrepareWindowsForCapture } from '../../../../runtime/steps/prepare-windows-for-capture/run.ts';
import { skipRearmXml, sysprepArgv } from '../../../../runtime/steps/prepare-windows-for-capture/sysprep.ts';
import type { FakePlatform } from '../../../helpers/fake-platform.ts';
import { aDisk, aMachine } from '../../../helpers/machine.ts';
import { noFacts } from '../../../helpers/no-facts.ts';
import { writeFiles } from '../../../helpers/temporary-folder.ts';
import { type ContextWish, stepContext } from './step-context.ts';

const WINDOWS = OperatingSystem.parse({
  caption: 'Microsoft Windows 11 Pro',
  version: '10.0.26100',
  build: 26100,
  architecture: 'x64',
  computerName: 'PC-1',
  workgroup: 'WORKGROUP',
});

function volume(number: number, wish: Partial<TargetVolume> = {}): TargetVolume {
  const device = `${'?SWDR'[number] ?? 'Z'}:\\`;
  return {
    name: `V${number}`,
    role: 'primary',
    device,
    number,
    startBytes: number,
    bytes: 1000,
    fileSystem: 'ntfs',
    ...wish,
  };
}

const DISK: TargetDisk = {
  device: '\\\\.\\PhysicalDrive0',
  style: 'gpt',
  identity: 'X',
  volumes: [
    volume(1, { role: 'system', fileSystem: 'fat32' }),
    volume(2, { name: 'Windows' }),
    volume(3, { name: 'Data' }),
    volume(4, { role: 'recovery' }),
  ],
  windows: volume(2, { name: 'Windows' }),
};

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

describe('capture-operating-system', () => {
  const OPTIONS: StepOptions<'capture-operating-system'> = {
    destination: '\\\\server\\share\\images\\pc.wim',
    requireGeneralized: true,
    overwrite: false,
    exclusions: [],
  };
  const GENERALIZED = '[State]\r\nImageState=IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE\r\n';
  const other = (label: string, wish: Partial<OtherVolume> = {}): OtherVolume => ({
    device: `${label.charAt(0)}:\\`,
    disk: `\\\\.\\PhysicalDrive-${label}`,
    label,
    fileSystem: 'ntfs',
    bytes: 1000,
    ...wish,
  });

  /** A machine with a Windows whose Setup says this state, captured with these options; `change` may set it up otherwise. */
  async function capture(
    options: Partial<typeof OPTIONS>,
    wish: ContextWish = {},
    change: (platform: FakePlatform, context: StepContext) => void = () => {},
    state = GENERALIZED,
  ) {
    const subject = await stepContext(wish);
    const { platform, context } = subject;
    platform.installed = [DISK];
    await writeFiles(platform.volume('Windows'), { 'Windows/Setup/State/State.ini': state });
    change(platform, context);
    const running = runCaptureOperatingSystem({ ...OPTIONS, ...options }, context);
    const captured = () => platform.deeds.filter((deed) => /^(captureImage|excluded)/.test(deed));
    return { ...subject, running, captured };
  }

  it('captures Windows and data, each as an image, and excludes what the sequence names', async () => {
    const wish = { exclusions: ['\\Temp'], imageVersion: '2', imageCreator: 'Me' };
    const { running, captured, ran, logged } = await capture(wish);
    await running;
    expect(captured()).toEqual([
      'captureImage Windows to \\\\server\\share\\images\\pc.wim as pc (version 2; created by Me)',
      'captureImage Data to \\\\server\\share\\images\\pc.wim as pc (Data) (version 2; created by Me)',
      'excluded: \\Temp',
    ]);
    expect(ran).toEqual([]);
    expect(logged).toContainEqual(expect.stringMatching(/was read back and is whole$/));
  });

  it('prefers the Windows that this run has applied', async () => {
    const state = { target: { ...DISK, windows: volume(3, { name: 'Data' }) } };
    const { running, captured } = await capture({}, { state });
    await running;
    expect(captured()[0]).toMatch(/^captureImage Data to .* as pc \(\)$/);
  });

  it('connects to the share by an account, whose password is a secret from then on', async () => {
    const { running, ran, variables } = await capture({ account: 'EXAMPLE\\a', password: 'hunter2' });
    await running;
    expect(ran).toEqual([
      expect.stringMatching(/net\.exe use \\\\server\\share hunter2 \/user:EXAMPLE\\a \/persistent:no$/),
    ]);
    expect(variables.secrets()).toContain('hunter2');
  });

  it('writes to the only other volume, leaves a report there, and closes it', async () => {
    const { running, captured, platform } = await capture({ destination: 'Images\\pc.wim' }, {}, (fake) => {
      fake.others = [other('Keep'), other('Data', { disk: DISK.device })];
    });
    await running;
    expect(captured()[0]).toBe('captureImage Windows to K:\\Images\\pc.wim as pc ()');
    expect(platform.deeds.at(-1)).toBe('close K:\\');
    const report = JSON.parse(await readFile(`${platform.volume('Keep')}/Images/pc.wim.json`, 'utf8'));
    expect(report).toMatchObject({ file: 'pc.wim', verified: true, images: [{ name: 'pc' }, { name: 'pc (Data)' }] });
  });

  it('writes to the volume with a label, and asks where two have it', async () => {
    const named = await capture({ destination: 'keep:/pc.wim' }, {}, (platform, context) => {
      platform.others = [other('Other'), other('Keep'), other('KEEP', { device: 'Z:\\' })];
      context.ask = { choose: async () => 1 } as unknown as StepContext['ask'];
    });
    await named.running;
    expect(named.captured()[0]).toContain(' to Z:\\pc.wim as ');
  });

  it('asks which Windows is meant, or takes the one on the disk that the rules leave', async () => {
    const second: TargetDisk = { ...DISK, device: 'B', windows: volume(3, { name: 'Second' }), volumes: [] };
    const both = (platform: FakePlatform): void => {
      platform.installed = [DISK, second];
    };
    const asked = await capture({}, {}, (platform, context) => {
      both(platform);
      context.ask = { choose: async () => 0 } as unknown as StepContext['ask'];
    });
    await asked.running;
    expect(asked.captured()[0]).toContain('captureImage Windows ');
    const machine = aMachine({
      disks: [aDisk({ device: DISK.device, serial: 'A' }), aDisk({ device: 'B', serial: 'B' })],
    });
    const ruled = await capture({ disk: { serial: 'B' } }, { machine }, both);
    await ruled.running;
    expect(ruled.captured()[0]).toContain('captureImage Second ');
    await expect((await capture({}, {}, both)).running).rejects.toMatchObject({ code: 'VOLUME_NOT_FOUND' });
  });

  it('captures a Windows that was not generalised only where that is said, and warns', async () => {
    const state = 'ImageState=IMAGE_STATE_COMPLETE';
    const refused = await capture({}, {}, undefined, state);
    await expect(refused.running).rejects.toMatchObject({ message: expect.stringContaining('IMAGE_STATE_COMPLETE') });
    const { running, captured, logged } = await capture({ requireGeneralized: false }, {}, undefined, state);
    await running;
    expect(captured()).toHaveLength(3);
    expect(logged).toContainEqual(expect.stringMatching(/^warning: .*not generalised/));
  });

  it('replaces a file only where that is said', async () => {
    const there = async (overwrite: boolean) => {
      const subject = await stepContext();
      const { platform, context } = subject;
      platform.installed = [DISK];
      platform.others = [other('Keep')];
      await writeFiles(platform.volume('Keep'), { 'PC.wim': 'precious' });
      return runCaptureOperatingSystem({ ...OPTIONS, destination: 'pc.wim', overwrite }, context);
    };
    await expect(there(false)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    await there(true);
  });

  const GIB = 1024 ** 3;
  it.each<[string, Partial<typeof OPTIONS>, (platform: FakePlatform) => void, string, RegExp]>([
    [
      'a hibernated Windows',
      {},
      (it) => (it.examined = { state: 'hibernated', usedBytes: 1 }),
      'STEP_FAILED',
      /not shut down/,
    ],
    [
      'an unclean volume',
      {},
      (it) => (it.examined = { state: 'unclean', usedBytes: 1 }),
      'STEP_FAILED',
      /not shut down/,
    ],
    [
      'a locked volume',
      {},
      (it) => (it.locked = [{ device: 'X', disk: DISK.device }]),
      'VOLUME_NOT_FOUND',
      /BitLocker/,
    ],
    [
      'only locked volumes',
      {},
      (it) => Object.assign(it, { installed: [], locked: [{ device: 'X', disk: 'Y' }] }),
      'VOLUME_NOT_FOUND',
      /no installed Windows can be read: BitLocker/,
    ],
    ['too little room', { destination: 'a.wim' }, (it) => (it.freeBytes = 600), 'NO_SPACE', /too little room/],
    [
      'FAT32 for more than it takes',
      { destination: 'a.wim' },
      (it) => {
        it.examined = { state: 'clean', usedBytes: 3 * GIB };
        it.others = [other('Keep', { fileSystem: 'fat32' })];
      },
      'FILE_TOO_LARGE',
      /FAT32/,
    ],
    [
      'no other volume',
      { destination: 'a.wim' },
      (it) => (it.others = []),
      'VOLUME_NOT_FOUND',
      /no volume for the image/,
    ],
    [
      'the disk that is captured',
      { destination: 'Data:\\a.wim' },
      (it) => (it.others = [other('Data', { disk: DISK.device })]),
      'VOLUME_NOT_FOUND',
      /label Data/,
    ],
    [
      'a letter of that disk',
      { destination: 'S:\\a.wim' },
      (it) => (it.others = [other('S', { disk: DISK.device })]),
      'STEP_FAILED',
      /the disk that is captured/,
    ],
    [
      'several other volumes, and nobody to ask',
      { destination: 'a.wim' },
      (it) => (it.others = [other('Keep'), other('Two')]),
      'VOLUME_NOT_FOUND',
      /2 volumes/,
    ],
  ])('refuses %s before anything is written', async (_, options, change, code, message) => {
    const { running, captured } = await capture(options, {}, (platform) => {
      platform.others = [other('Keep')];
      change(platform);
    });
    await expect(running).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(captured()).toEqual([]);
  });

  it('never writes to the medium', async () => {
    const machine = aMachine({ disks: [aDisk({ device: 'M', holdsMedium: true })] });
    const { running } = await capture({ destination: 'a.wim' }, { machine }, (platform) => {
      platform.others = [other('Stick', { disk: 'm' })];
    });
    await expect(running).rejects.toMatchObject({ lines: [expect.stringMatching(/Stick .*: refused, the medium/)] });
  });

  it.each<[Partial<StepOptions<'capture-operating-system'>>, ContextWish['name'], RegExp]>([
    [{ destination: 'w:\\pc.wim' }, 'winpe', /a volume that is captured/],
    [{ destination: '/mnt/pc.wim' }, 'winpe', /no path of this boot environment/],
    [{ destination: 'W:\\pc.wim' }, 'linux', /no path of this boot environment/],
    [{ destination: '..\\pc.wim' }, 'linux', /no path of this boot environment/],
  ])('refuses %j on %s and writes nothing', async (options, name, message) => {
    const { running, captured } = await capture(options, name === undefined ? {} : { name });
    await expect(running).rejects.toMatchObject({ code: 'STEP_FAILED', message: expect.stringMatching(message) });
    expect(captured()).toEqual([]);
  });

  it('leaves out what starts Windows and what repairs it', () => {
    const images = imagesToCapture(DISK.volumes, volume(2), { destination: '/mnt/x.WIM', imageName: 'Gold' });
    expect(images.map((image) => [image.volume.number, image.name])).toEqual([
      [2, 'Gold'],
      [3, 'Gold (Data)'],
    ]);
  });

  it('puts who and which behind the description', () => {
    const wish = { destination: 'x', imageDescription: 'Office', imageVersion: '1.2', imageCreator: 'Me' };
    expect(describeImage(wish)).toBe('Office; version 1.2; created by Me');
    expect(describeImage({ destination: 'x' })).toBe('');
  });
});
