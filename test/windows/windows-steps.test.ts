import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE } from '../helpers/fake-medium.ts';
import { APPLY_FOLDER, installStubs, type StubPlan } from '../helpers/wine-stubs.ts';
import { type InstalledWindows, openWindows, WINDOWS } from '../helpers/wine-windows.ts';

const GIB = 1024 ** 3;
const CURRENT_VERSION = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const STATE = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Setup\\State';
const TCPIP = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters';
const SECRET = 'a secret of a rule';
const NOTE = (text: string) => ({ step: 'run-command-line', command: [`${WINDOWS}\\System32\\note.exe`, text] });

let windows: InstalledWindows;
beforeAll(async () => {
  windows = await openWindows();
  const system32 = join(windows.drive, 'Windows/System32');
  await installStubs(system32, ['diskpart']);
  await installStubs(join(system32, 'Sysprep'), ['sysprep']);
  await writeFile(join(system32, 'Sysprep/stub-home'), `${WINDOWS}\\System32`);
  const values = [
    [CURRENT_VERSION, 'RegisteredOwner', 'Ann Größe'],
    [CURRENT_VERSION, 'RegisteredOrganization', 'Example'],
    [TCPIP, 'NV Domain', 'example.com'],
    [TCPIP, 'SearchList', 'example.com,example.org'],
  ];
  for (const [key = '', name = '', data = ''] of values) await setText(key, name, data);
});
afterAll(() => windows?.[Symbol.asyncDispose]());

const setText = (key: string, name: string, data: string): Promise<void> =>
  windows.registry(['add', key, '/v', name, '/t', 'REG_SZ', '/d', data, '/f']);

type Wish = { children?: readonly { id: string; name: string; steps: readonly object[] }[]; plan?: StubPlan };

/** Resolves to the exit code. The first sequence is the one that is chosen. */
async function run(steps: readonly object[], { children = [], plan = {} }: Wish = {}): Promise<number> {
  const common = { formatVersion: 2, startsIn: 'full-os', onSuccess: 'shell' };
  const main = { ...common, id: 'it', name: 'It', steps };
  await windows.insert(
    {
      sequences: [main, ...children.map((child) => ({ ...common, ...child }))],
      packages: [PACKAGE, { ...PACKAGE, name: 'more', index: 2 }],
      preferredSequence: 'it',
      contents: { 'sources/boot.wim': Buffer.from('image'), 'boot/boot.sdi': Buffer.from('sdi') },
    },
    plan,
  );
  const { exitCode, stderr } = await windows.run('run');
  expect(stderr).toBe('');
  return exitCode;
}

async function notes(): Promise<string[]> {
  return (await windows.stubs.calls()).flatMap(({ name, argv }) => (name === 'note' ? argv : []));
}

it('what Windows says of itself and of its network becomes variables', async () => {
  const names = ['OSDRegisteredUserName', 'OSDRegisteredOrgName', 'OSDNetworkJoinType', 'OSDDNSDomain'];
  const shown = [...names, 'OSDDNSSuffixSearchOrder'].map((name) => `%${name}%`);
  const steps = [
    { step: 'capture-windows-settings' },
    { step: 'capture-network-settings' },
    NOTE(shown.join('|')),
    NOTE('%OSDComputerName%'),
    NOTE('%OSDTimeZone%'),
  ];
  expect(await run(steps)).toBe(0);
  const [settings, computer, zone] = await notes();
  expect(settings).toBe('Ann Größe|Example|1|example.com|example.com,example.org');
  expect(computer).toMatch(/^[^%]+$/);
  expect(zone).toMatch(/^[^%]+$/);
});

it('rules set variables, a child with a restart in its middle runs in the place of its step, packages are staged', async () => {
  const rules = [
    { variables: [{ name: 'Kind', value: 'any' }] },
    { if: { makeAndModel: { make: '*', model: '*' } }, variables: [{ name: 'Kind', value: '%Kind% known' }] },
    { if: { computer: { serial: 'another' } }, variables: [{ name: 'Kind', value: 'wrong' }] },
    { if: { location: { gateway: '203.0.113.77' } }, variables: [{ name: 'Kind', value: 'wrong' }] },
    {
      if: { variable: 'Kind', operator: 'like', value: '*known' },
      variables: [{ name: 'Key', value: SECRET, secret: true }],
    },
  ];
  const child = {
    ...{ id: 'child', name: 'A child' },
    steps: [
      NOTE('child, %Kind%, %Key%'),
      { step: 'stage-content', packages: ['tools', 'more'], destination: 'Staged', destinationVariable: 'CONTENT' },
      { step: 'restart-computer', target: 'full-os' },
      NOTE('child, after the restart, %CONTENT01% and %CONTENT02%'),
      { step: 'set-variable', variable: 'FromChild', value: 'yes' },
    ],
  };
  const steps = [
    { step: 'set-dynamic-variables', rules },
    { step: 'run-sequence', sequence: 'child', condition: { variable: 'Kind', value: 'wrong' } },
    { step: 'run-sequence', sequence: 'child' },
    NOTE('parent, %FromChild%, %Key%'),
    { step: 'stage-content', packages: ['tools'] },
  ];
  const plan: StubPlan = { dism: { files: { [`${APPLY_FOLDER}\\file.txt`]: 'text' } } };
  expect(await run(steps, { children: [child], plan })).toBe(0);
  await expect(await windows.calls()).toMatchFileSnapshot('golden/windows-steps-1.txt');
  await windows.stubs.forget();
  expect(await windows.resume()).toMatchObject({ exitCode: 0, stderr: '' });
  await expect(await windows.calls()).toMatchFileSnapshot('golden/windows-steps-2.txt');
  expect(await windows.said('error')).toEqual([]);
  expect(await windows.log()).not.toContain(SECRET);
  expect(await windows.files('Staged')).toEqual(['more', 'more/file.txt', 'tools', 'tools/file.txt']);
  // What was staged without a place of its own goes with the sequence.
  expect(await windows.files('_SMSTaskSequence')).toEqual(['bin', 'bin/mediasmith.exe']);
});

describe('a Windows that is made ready for capture', () => {
  const prepare = { step: 'prepare-windows-for-capture', keepActivation: true };

  it('is generalised, and the machine comes back in the boot environment', async () => {
    await setText(STATE, 'ImageState', 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE');
    const steps = [prepare, { ...NOTE('not in Windows'), runIn: 'winpe' }];
    expect(await run(steps)).toBe(0);
    await expect(await windows.calls()).toMatchFileSnapshot('golden/sysprep.txt');
    expect(await windows.said('warning')).toEqual([]);
    expect(await windows.files('_SMSTaskSequence')).toContain('boot/boot.wim');
    expect(await windows.said('info')).toContainEqual(expect.stringContaining('goes on in winpe'));
  });

  it('is shut down instead, where somebody moves the disk', async () => {
    expect(await run([{ ...prepare, keepActivation: false, shutDown: true }])).toBe(0);
    expect(await windows.calls()).toMatch(
      /^sysprep \/generalize \/oobe \/quit \/quiet\n[\s\S]*shutdown \/s \/f \/t 0\n$/,
    );
  });

  it.each([
    ['Sysprep fails', { exitCode: 31 }, 'IMAGE_STATE_GENERALIZE_RESEAL_TO_OOBE'],
    ['Sysprep has done nothing and says so to nobody', {}, 'IMAGE_STATE_COMPLETE'],
  ])('stays as it is where %s', async (name, sysprep, state) => {
    await setText(STATE, 'ImageState', state);
    expect(await run([prepare], { plan: { sysprep } })).toBe(5);
    expect(await windows.calls()).not.toMatch(/shutdown|bcdedit/);
    const errors = `${(await windows.said('error')).join('\n')}\n`;
    await expect(errors).toMatchFileSnapshot(`golden/sysprep-${name.split(' ')[1]}.txt`);
  });
});

it('a second disk becomes a dynamic one, and never the one that the sequence runs from', async () => {
  await windows.wine.disk(1, 20 * GIB);
  const convert = (disk: object) => ({ step: 'convert-disk-to-dynamic', disk });
  expect(await run([convert({ maximumSize: '20 GB' })])).toBe(0);
  await expect(await windows.calls()).toMatchFileSnapshot('golden/convert-disk.txt');
  expect(await run([convert({ minimumSize: '21 GB' })])).toBe(5);
  expect(await windows.calls()).not.toContain('diskpart');
  expect((await windows.said('error')).join('\n')).toContain('the medium we run from is on it');
});
