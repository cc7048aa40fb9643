import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE } from '../helpers/fake-medium.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';
import { APPLY_FOLDER, type StubPlan } from '../helpers/wine-stubs.ts';
import { type InstalledWindows, openWindows, WINDOWS } from '../helpers/wine-windows.ts';

const NOTE = (text: string) => ({ step: 'run-command-line', command: [`${WINDOWS}\\System32\\note.exe`, text] });
const PASSWORD = '111111-222222-333333-444444-555555-666666-777777-888888';
const KEY = 'HKLM\\SOFTWARE\\Stand-in';

let windows: InstalledWindows;
beforeAll(async () => {
  windows = await openWindows();
  await windows.registry(['add', KEY, '/v', 'Rings', '/t', 'REG_DWORD', '/d', '9', '/f']);
});
afterAll(() => windows?.[Symbol.asyncDispose]());

async function run(steps: readonly object[], plan: StubPlan = {}): Promise<number> {
  const sequence = { formatVersion: 2, id: 'it', name: 'It', startsIn: 'full-os', onSuccess: 'shell', steps };
  await windows.insert({ sequences: [sequence], packages: [PACKAGE], unattended: true }, plan);
  const { exitCode, stderr } = await windows.run('run');
  expect(stderr).toBe('');
  return exitCode;
}

const errors = async () => (await windows.said('error')).join('\n').concat('\n');

describe('user state', () => {
  const usmt = { package: 'tools' };
  const programs = ['scanstate', 'loadstate'].map((name) => `${APPLY_FOLDER}\\amd64\\${name}.exe`);
  const progress = (name: string) => ({
    [`W:\\Windows\\Temp\\SMSTSLog\\${name}.log`]: `begin\r\nthe log of ${name}\r\n`,
  });
  const capture = { step: 'capture-user-state', ...usmt };
  const restore = { step: 'restore-user-state', ...usmt };

  it('is captured and restored by the programs of the package, encrypted by a key that no log has', async () => {
    const encryptionKey = 'a key of a store';
    const steps = [
      { step: 'request-state-store', requestType: 'capture' },
      { ...capture, encryptionKey, additionalOptions: '/ui:EXAMPLE\\*' },
      { ...restore, encryptionKey, localAccounts: true },
      { step: 'release-state-store' },
    ];
    expect(await run(steps, { dism: { programs }, scanstate: { exitCode: 3 } })).toBe(0);
    await expect(await windows.calls()).toMatchFileSnapshot('golden/user-state.txt');
    expect(await windows.log()).not.toContain(encryptionKey);
    expect(await windows.said('warning')).toContainEqual(expect.stringContaining('scanstate has skipped'));
  });

  it('each return code that is none of success is named, with the end of the log', async () => {
    const tolerant = { continueOnError: true };
    const codes = [26, 61, 71];
    const steps = codes.flatMap((code) => [
      { ...capture, ...tolerant, name: `capture ${code}` },
      { ...restore, ...tolerant, name: `restore ${code}` },
      NOTE('%_SMSTSLastActionRetCode%'),
    ]);
    const scanstate = codes.map((exitCode) => ({ exitCode, files: progress('scanstate') }));
    const loadstate = codes.map((exitCode) => ({ exitCode, files: progress('loadstate') }));
    expect(await run(steps, { dism: { programs }, scanstate, loadstate })).toBe(0);
    const notes = (await windows.stubs.calls()).flatMap(({ name, argv }) => (name === 'note' ? argv : []));
    expect(notes).toEqual(codes.map(String));
    await expect(await errors()).toMatchFileSnapshot('golden/user-state-codes.txt');
  });
});

describe('BitLocker', () => {
  const status = (percent: string, more = '') => ({
    stdout: `Volume W: []\r\n    Conversion Status:    ${more}\r\n    Percentage Encrypted: ${percent}%\r\n`,
  });
  const ids = ['{11111111-2222-3333-4444-555555555555}', '{AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE}'];
  const listed = {
    stdout: ids
      .map((id) => `    Numerical Password:\r\n      ID: ${id}\r\n      Password:\r\n        ${PASSWORD}\r\n`)
      .join(''),
  };
  const enable = { step: 'enable-bitlocker', mode: 'key', startupKeyDrive: 'E:' };

  it('is enabled: its protectors, the copy of the recovery password, the encryption, and the wait for its end', async () => {
    const bde = [status('0.0'), {}, {}, listed, {}, {}, {}, status('48,2'), status('100.0')];
    const steps = [{ ...enable, recoveryPassword: PASSWORD, waitForEncryption: true, encryptionMethod: 'XtsAes256' }];
    expect(await run(steps, { 'manage-bde': bde })).toBe(0);
    await expect(await windows.calls()).toMatchFileSnapshot('golden/bitlocker.txt');
    expect(await windows.log()).not.toContain(PASSWORD);
  });

  it('is not enabled when the directory does not take the password: nothing is encrypted', async () => {
    const failing = { exitCode: 1, stdout: `${PASSWORD}\r\nERROR: An error occurred (code 0x80310059).\r\n` };
    expect(await run([enable], { 'manage-bde': [status('0.0'), {}, {}, listed, failing] })).toBe(5);
    expect(await windows.calls()).not.toContain('-on');
    expect(await windows.log()).not.toContain(PASSWORD);
    await expect(await errors()).toMatchFileSnapshot('golden/bitlocker-error.txt');
  });

  it('is suspended where something is encrypted', async () => {
    const steps = [
      { step: 'disable-bitlocker', restartCount: 2 },
      { step: 'disable-bitlocker', restartCount: 2 },
    ];
    expect(await run(steps, { 'manage-bde': [status('0.0'), status('100,0 ')] })).toBe(0);
    expect(await windows.calls()).toBe(
      ['-status W:', '-status W:', '-protectors -disable W: -RebootCount 2']
        .map((line) => `manage-bde ${line}\n`)
        .join(''),
    );
  });
});

it('conditions are asked of the machine itself', async () => {
  await writeFiles(windows.drive, { 'folder/file.txt': 'text' });
  const conditions: [boolean, object][] = [
    [true, { file: 'W:\\FOLDER\\file.txt' }],
    [false, { file: 'W:\\folder' }],
    [true, { folder: '%Drive%\\folder' }],
    [true, { file: 'D:\\mediasmith.exe', version: { operator: 'greater', value: '0.0' } }],
    [false, { file: 'W:\\folder\\file.txt', modified: { operator: 'less', value: '2001-01-01T00:00:00Z' } }],
    [true, { registry: KEY, name: 'Rings', operator: 'greaterEqual', data: '0x9' }],
    [false, { registry: KEY, name: 'Rings', type: 'REG_SZ' }],
    [true, { operatingSystem: { version: { min: '10.0' }, architecture: 'x64' } }],
    [true, { wql: 'SELECT * FROM Win32_OperatingSystem WHERE ProductType = 1' }],
    [false, { all: [{ registry: KEY }, { none: [{ folder: 'W:\\folder' }] }] }],
  ];
  const steps = conditions.map(([, condition], index) => ({ ...NOTE(String(index)), condition }));
  expect(await run([{ step: 'set-variable', variable: 'Drive', value: 'W:' }, ...steps])).toBe(0);
  const notes = (await windows.stubs.calls()).map(({ argv }) => Number(argv[0]));
  expect(notes).toEqual(conditions.flatMap(([holds], index) => (holds ? [index] : [])));
});

it('a step that fails is the exit code of the program, for whoever has started it by a script', async () => {
  expect(await run([NOTE('x')], { note: { exitCode: 7 } })).toBe(5);
  expect(await windows.files('_SMSTaskSequence')).toEqual([]);
});

it('one run at a time: the second says so, and the resume leaves it to the first', async () => {
  const plan = { note: { waitsFor: 'W:\\go' } };
  const first = run([NOTE('is first')], plan);
  await expect.poll(() => windows.calls(), { timeout: 30_000 }).toContain('note is first');
  const second = await windows.run('run');
  expect([second.exitCode, second.stdout]).toEqual([5, expect.stringContaining('another mediasmith.exe is at work')]);
  expect((await windows.run('resume')).exitCode).toBe(0);
  expect(await windows.said('info')).toContain('another mediasmith.exe is at work already: it goes on there');
  expect(await windows.files('_SMSTaskSequence')).toEqual(['journal']);
  await writeFiles(windows.drive, { go: '' });
  expect(await first).toBe(0);
});

it('whoever was cut off holds nothing', async () => {
  const cut = run([NOTE('is cut')], { note: { waitsFor: 'W:\\never' } });
  await expect.poll(() => windows.calls(), { timeout: 30_000 }).toContain('note is cut');
  await windows.wine.cutPower();
  await cut;
  expect(await run([NOTE('y')])).toBe(0);
  expect(await windows.calls()).toBe('note y\n');
});
