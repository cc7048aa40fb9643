import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { MediasmithError } from '../../../../runtime/contract/errors.ts';
import { OperatingSystem } from '../../../../runtime/contract/machine.ts';
import { Variables } from '../../../../runtime/contract/variables.ts';
import type { Argv, Exec } from '../../../../runtime/host/exec.ts';
import type { ShareConnection } from '../../../../runtime/platform/place-to-write.ts';
import { volumeFiles } from '../../../../runtime/platform/volume-files.ts';
import type { StepContext } from '../../../../runtime/steps/context.ts';
import { runReleaseStateStore } from '../../../../runtime/steps/release-state-store/run.ts';
import { runRequestStateStore } from '../../../../runtime/steps/request-state-store/run.ts';
import { loadStateArgv, offlineXml, scanStateArgv } from '../../../../runtime/steps/usmt/command-lines.ts';
import { usmtProblems } from '../../../../runtime/steps/usmt/option-rules.ts';
import { rulesOf } from '../../../../runtime/steps/usmt/package.ts';
import { lastPercent } from '../../../../runtime/steps/usmt/progress.ts';
import { usmtReturn } from '../../../../runtime/steps/usmt/return-codes.ts';
import type { FakePlatform } from '../../../helpers/fake-platform.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { type RunWish, runSteps } from '../../../helpers/run.ts';
import { temporaryFolder, writeFiles } from '../../../helpers/temporary-folder.ts';

const KEY = 'a key nobody guesses';
const PASSWORD = 'Pa55 word';
const CAPTURE = { step: 'capture-user-state', package: 'tools' };
const RESTORE = { step: 'restore-user-state', package: 'tools' };
const BASIC = {
  program: 'C:\\usmt\\amd64\\scanstate.exe',
  store: 'C:\\_SMSTaskSequence\\UserState',
  rules: ['C:\\usmt\\amd64\\MigDocs.xml', 'C:\\usmt\\amd64\\MigApp.xml'],
  hardlink: false,
  continueOnErrors: true,
  verbose: false,
  log: 'C:\\log\\scanstate.log',
  progress: 'C:\\log\\scanstateprogress.log',
  additional: [],
};

const OPERATING_SYSTEM = OperatingSystem.parse({
  caption: 'Windows 11',
  version: '10.0.26100',
  build: 26100,
  architecture: 'x64',
});

describe('the command line of ScanState', () => {
  it('is this', () => {
    const argv = scanStateArgv({ ...BASIC, efs: 'copyraw', shadowCopy: false });
    expect(argv.join(' ')).toMatchInlineSnapshot(
      `"C:\\usmt\\amd64\\scanstate.exe C:\\_SMSTaskSequence\\UserState /o /localonly /efs:copyraw /i:C:\\usmt\\amd64\\MigDocs.xml /i:C:\\usmt\\amd64\\MigApp.xml /c /v:5 /l:C:\\log\\scanstate.log /progress:C:\\log\\scanstateprogress.log"`,
    );
  });

  it('is this with everything else', () => {
    const encrypted = { keyFile: 'C:\\temp\\key.txt', config: 'C:\\usmt\\Config.xml', verbose: true };
    const lines = [
      scanStateArgv({ ...BASIC, ...encrypted, rules: [], efs: 'skip', shadowCopy: true }),
      scanStateArgv({
        ...BASIC,
        rules: [],
        hardlink: true,
        efs: 'hardlink',
        shadowCopy: false,
        offline: { xml: 'o.xml' },
      }),
      scanStateArgv({
        ...BASIC,
        rules: [],
        efs: 'abort',
        shadowCopy: false,
        offline: { old: 'C:\\Windows.old\\Windows' },
      }),
    ];
    expect(lines.map(([, , ...words]) => words.join(' '))).toMatchInlineSnapshot(`
      [
        "/o /localonly /encrypt:AES_256 /keyfile:C:\\temp\\key.txt /vsc /efs:skip /config:C:\\usmt\\Config.xml /c /v:13 /l:C:\\log\\scanstate.log /progress:C:\\log\\scanstateprogress.log",
        "/o /localonly /hardlink /nocompress /efs:hardlink /offline:o.xml /c /v:5 /l:C:\\log\\scanstate.log /progress:C:\\log\\scanstateprogress.log",
        "/o /localonly /efs:abort /offlineWinOld:C:\\Windows.old\\Windows /c /v:5 /l:C:\\log\\scanstate.log /progress:C:\\log\\scanstateprogress.log",
      ]
    `);
    for (const [, ...args] of lines) expect(usmtProblems('scanstate', args)).toEqual([]);
  });

  it('comes with a file that names the Windows that does not run', () => {
    expect(offlineXml('D:\\A & B\\Windows')).toMatchInlineSnapshot(`
      "<?xml version="1.0" encoding="UTF-8"?>
      <offline>
        <winDir>
          <path>D:\\A &amp; B\\Windows</path>
        </winDir>
        <failOnMultipleWinDir>1</failOnMultipleWinDir>
      </offline>
      "
    `);
  });
});

describe('the command line of LoadState', () => {
  it('is this', () => {
    const program = 'C:\\usmt\\amd64\\loadstate.exe';
    const lines = [
      loadStateArgv({ ...BASIC, program, localAccounts: false }),
      loadStateArgv({ ...BASIC, program, rules: [], localAccounts: true, localAccountPassword: 'x', keyFile: 'k' }),
      loadStateArgv({ ...BASIC, program, rules: [], localAccounts: true, hardlink: true, additional: ['/md:a:b'] }),
    ];
    expect(lines.map((argv) => argv.join(' '))).toMatchInlineSnapshot(`
      [
        "C:\\usmt\\amd64\\loadstate.exe C:\\_SMSTaskSequence\\UserState /i:C:\\usmt\\amd64\\MigDocs.xml /i:C:\\usmt\\amd64\\MigApp.xml /c /v:5 /l:C:\\log\\scanstate.log /progress:C:\\log\\scanstateprogress.log",
        "C:\\usmt\\amd64\\loadstate.exe C:\\_SMSTaskSequence\\UserState /decrypt:AES_256 /keyfile:k /lac:x /lae /c /v:5 /l:C:\\log\\scanstate.log /progress:C:\\log\\scanstateprogress.log",
        "C:\\usmt\\amd64\\loadstate.exe C:\\_SMSTaskSequence\\UserState /hardlink /nocompress /lac /c /v:5 /l:C:\\log\\scanstate.log /progress:C:\\log\\scanstateprogress.log /md:a:b",
      ]
    `);
    for (const [, ...args] of lines) expect(usmtProblems('loadstate', args)).toEqual([]);
  });
});

describe('the rules between the options', () => {
  it.each([
    ['C:\\s /vsc /hardlink /nocompress', '/vsc excludes /hardlink'],
    ['C:\\s /hardlink', '/hardlink needs /nocompress'],
    ['C:\\s /encrypt /nocompress /key:x', '/nocompress excludes /encrypt'],
    ['C:\\s /encrypt:AES_256', '/encrypt needs /key or /keyfile'],
    ['C:\\s /key:x', '/key needs /encrypt'],
    ['C:\\s /all /ue:*', '/all excludes /ue'],
    ['C:\\s /uel:90 /offline:o.xml', '/uel excludes /offline'],
    ['C:\\s /efs:hardlink', '/efs:hardlink needs /hardlink'],
    ['C:\\s /i', '/i needs a value: /i:...'],
    ['C:\\s /o:yes', '/o takes no value'],
    ['C:\\s /lac', '/lac is no option of scanstate'],
    ['/o', 'there must be one store, and none with /apps'],
    [`C:\\${'s'.repeat(300)}`, 'the path of the store is too long'],
  ])('%s', (line, problem) => {
    expect(usmtProblems('scanstate', line.split(' '))).toEqual([problem]);
  });

  it('lets what the documentation shows pass', () => {
    const line = '\\\\s\\m /i:migapp.xml /i:migdocs.xml /o /c /v:13 /l:s.log /ui:D\\u* /ue:*\\* /efs:copyraw /r:3 /w:5';
    expect(usmtProblems('scanstate', line.split(' '))).toEqual([]);
    expect(usmtProblems('loadstate', 'C:\\s /lac:p /lae /mu:a:b /md:c:d /all'.split(' '))).toEqual([]);
    expect(usmtProblems('scanstate', '/apps /ppkg:a.ppkg /i:b.xml'.split(' '))).toEqual([]);
  });
});

describe('what the tools leave', () => {
  it('names every return code', () => {
    const codes = [
      0, 1, 2, 3, 11, 12, 13, 14, 26, 27, 28, 29, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 61, 71, 72,
    ];
    expect(codes.filter((code) => usmtReturn(code).name === 'unknown')).toEqual([]);
    expect(usmtReturn(99).name).toBe('unknown');
  });

  it('says how far a progress log has come', () => {
    const line = (percent: string) =>
      `15 Jan 2011, 20:46:21 -08:00, 00:04:48, totalPercentageCompleted, ${percent}\r\n`;
    expect(lastPercent(`${line('3')}15 Jan 2011, 20:46:22 -08:00, 00:04:49, PHASE, Scanning\r\n${line('48')}`)).toBe(
      48,
    );
    expect(lastPercent('')).toBeUndefined();
  });
});

it('takes a Config.xml apart from the rules, and names without a folder from the package', () => {
  const configFiles = ['MigCustom.xml', '\\\\s\\x\\CONFIG.XML', 'C:\\own.xml'];
  expect(rulesOf({ mode: 'advanced', configFiles }, 'C:\\usmt')).toEqual({
    rules: ['C:\\usmt\\MigCustom.xml', 'C:\\own.xml'],
    config: '\\\\s\\x\\CONFIG.XML',
  });
  expect(rulesOf({ mode: 'simple', configFiles }, 'C:\\usmt').rules).toEqual([
    'C:\\usmt\\MigDocs.xml',
    'C:\\usmt\\MigApp.xml',
  ]);
});

type Started = { argv: Argv; keyFile: string | undefined; offlineFile: string | undefined };

/** A tool that ends with a code and has written its logs. */
function tool(exitCode = 0, log = '') {
  const started: Started[] = [];
  const optionOf = ([, ...args]: Argv, name: string) =>
    args.find((arg) => arg.startsWith(`/${name}:`))?.slice(name.length + 2);
  const contentOf = async (path: string | undefined) => (path === undefined ? undefined : readFile(path, 'utf8'));
  const exec: Exec = async (argv, options = {}) => {
    const offlineFile = await contentOf(optionOf(argv, 'offline'));
    started.push({ argv, keyFile: await contentOf(optionOf(argv, 'keyfile')), offlineFile });
    const [logFile, progress] = [optionOf(argv, 'l'), optionOf(argv, 'progress')];
    if (logFile !== undefined && log !== '') await writeFile(logFile, log);
    if (progress !== undefined) await writeFile(progress, 'd, t, e, totalPercentageCompleted, 48\r\n');
    if ((options.successCodes ?? [0]).includes(exitCode)) return { exitCode, stdout: '', stderr: '' };
    throw new MediasmithError('TOOL_FAILED', `ended with ${exitCode}`, { exitCode, lines: ['output'] });
  };
  return { started, exec };
}

const inWindows = (exec: Exec, more: RunWish = {}): RunWish => ({
  exec,
  machine: aMachine({ operatingSystem: OPERATING_SYSTEM }),
  platformName: 'windows',
  ...more,
});

describe('capture-user-state', () => {
  it('captures into the store on the drive of Windows, by the rules of USMT', async () => {
    const { started, exec } = tool(3);
    const { outcome, events } = await runSteps([CAPTURE], inWindows(exec));
    expect(outcome.error).toBeUndefined();
    const [program, store, ...words] = started[0]?.argv ?? [];
    expect(program).toMatch(/usmt.amd64.scanstate\.exe$/);
    expect(store).toBe('C:\\_SMSTaskSequence\\UserState');
    expect(words).toContain('/efs:copyraw');
    expect(words.filter((word) => /^\/i:.*amd64.Mig(Docs|App)\.xml$/.test(word))).toHaveLength(2);
    expect(events).toContainEqual(expect.objectContaining({ event: 'progress', done: 48, unit: 'percent' }));
    expect(events).toContainEqual(expect.objectContaining({ level: 'warning', component: 'capture-user-state' }));
  });

  it('says by name why it failed, with the end of the log', async () => {
    const { exec } = tool(27, Array.from({ length: 40 }, (_, index) => `line ${index}`).join('\r\n'));
    const { outcome, variables } = await runSteps([CAPTURE], inWindows(exec));
    expect(outcome.error).toMatchObject({
      code: 'TOOL_FAILED',
      message: 'scanstate ended with 27 (USMT_INVALID_STORE_LOCATION): the store cannot be used',
      where: expect.stringMatching(/scanstate\.log$/),
      lines: Array.from({ length: 20 }, (_, index) => `line ${index + 20}`),
      hint: expect.stringContaining('store'),
    });
    expect(variables.get('_SMSTSLastActionRetCode')).toBe('27');
  });

  it('takes skipped files for a failure where it must not go on after them', async () => {
    const { outcome } = await runSteps([{ ...CAPTURE, continueOnLockedFiles: false }], inWindows(tool(3).exec));
    expect(outcome.error).toMatchObject({ exitCode: 3 });
  });

  it('has the key in a file and nowhere else', async () => {
    const { started, exec } = tool(37);
    const { outcome, events } = await runSteps([{ ...CAPTURE, encryptionKey: KEY }], inWindows(exec));
    expect(started[0]?.keyFile).toBe(KEY);
    expect(JSON.stringify([started[0]?.argv, events, outcome.error])).not.toContain(KEY);
  });

  it('captures in WinPE from the Windows that was found there', async () => {
    const { started, exec } = tool();
    const variables = new Variables();
    variables.set('_OSDDetectedWinDir', 'D:\\Windows');
    variables.set('_OSDDetectedWinDrive', 'D:');
    const wish: RunWish = { exec, platformName: 'winpe', variables };
    const refused = await runSteps([CAPTURE], wish);
    expect(refused.outcome.error).toMatchObject({ code: 'STEP_FAILED', hint: 'Set offline: true.' });
    const { outcome } = await runSteps([{ ...CAPTURE, offline: true, hardlink: true }], wish);
    expect(outcome.error).toBeUndefined();
    expect(started[0]?.argv[1]).toBe('D:\\_SMSTaskSequence\\UserState');
    expect(started[0]?.argv).toContain('/nocompress');
    expect(started[0]?.offlineFile).toContain('<path>D:\\Windows</path>');
    const across = { ...CAPTURE, offline: true, hardlink: true, storePath: 'E:\\Store' };
    expect((await runSteps([across], wish)).outcome.error).toMatchObject({ code: 'STEP_FAILED' });
  });

  it('by links says so to the step that restores, and to the one that must keep the store', async () => {
    const { started, exec } = tool();
    const variables = new Variables();
    const steps = [{ ...CAPTURE, hardlink: true, storePath: 'C:\\Store' }, RESTORE];
    const { outcome } = await runSteps(steps, inWindows(exec, { variables }));
    expect(outcome.error).toBeUndefined();
    for (const { argv } of started) expect(argv).toEqual(expect.arrayContaining(['/hardlink', '/nocompress']));
    expect(variables.get('_SMSTSUserStatePath')).toBe('C:\\Store');
  });

  it('makes no links on a share', async () => {
    const { started, exec } = tool();
    const step = { ...CAPTURE, hardlink: true, storePath: '\\\\server\\share\\PC1' };
    expect((await runSteps([step], inWindows(exec))).outcome.error).toMatchObject({ code: 'STEP_FAILED' });
    expect(started).toEqual([]);
  });

  it('does not start with options that ScanState would refuse, or a store it could not use', async () => {
    const { started, exec } = tool();
    const options = await runSteps([{ ...CAPTURE, additionalOptions: '/all /ue:*' }], inWindows(exec));
    expect(options.outcome.error).toMatchObject({ lines: ['/all excludes /ue'] });
    for (const storePath of ['C:\\', 'store', 'C:\\a\\..\\..'])
      expect((await runSteps([{ ...CAPTURE, storePath }], inWindows(exec))).outcome.error).toBeDefined();
    expect(started).toEqual([]);
  });
});

describe('restore-user-state', () => {
  it('makes local accounts with a password that is not shown', async () => {
    const { started, exec } = tool(14, `could not make an account with ${PASSWORD}`);
    const variables = new Variables();
    variables.set('OSDStateStorePath', '\\\\server\\share\\PC 1');
    const step = { ...RESTORE, localAccounts: true, localAccountPassword: PASSWORD };
    const { outcome, events } = await runSteps([step], inWindows(exec, { variables }));
    expect(started[0]?.argv).toEqual(expect.arrayContaining(['\\\\server\\share\\PC 1', `/lac:${PASSWORD}`, '/lae']));
    expect(outcome.error).toMatchObject({ hint: 'Set localAccounts: true.' });
    expect(JSON.stringify(events)).not.toContain(PASSWORD);
  });
});

describe('the state store', () => {
  it('is connected to, tried again, and released', async () => {
    const ran: string[] = [];
    const exec: Exec = async ([, ...words]) => {
      ran.push(words.join(' '));
      return { exitCode: 0, stdout: '', stderr: '' };
    };
    const variables = new Variables();
    variables.set('OSDStateSMPRetryCount', '1');
    const request = {
      step: 'request-state-store',
      requestType: 'capture',
      storePath: '\\\\server\\share\\PC1',
      account: 'D\\u',
      password: PASSWORD,
    };
    const steps = [request, { step: 'release-state-store' }];
    const asked: ShareConnection[] = [];
    const change = (platform: FakePlatform): void => {
      platform.connectShare = async (connection) => {
        if (asked.push(connection) === 1) throw new MediasmithError('STEP_FAILED', 'x', { exitCode: 53 });
      };
    };
    const { outcome, events } = await runSteps(steps, inWindows(exec, { variables, change }));
    expect(outcome.error).toBeUndefined();
    const wanted = { path: '\\\\server\\share', account: 'D\\u', password: PASSWORD };
    expect(asked).toEqual([wanted, wanted]);
    expect(ran).toEqual(['use \\\\server\\share /delete /y']);
    expect(variables.get('OSDStateStorePath')).toBe('\\\\server\\share\\PC1');
    expect(JSON.stringify(events)).not.toContain(PASSWORD);
  });

  const contextWith = (more: Partial<StepContext>): StepContext =>
    ({
      platform: { name: 'windows' },
      machine: aMachine(),
      state: {},
      variables: new Variables(),
      log: () => undefined,
      ...more,
    }) as unknown as StepContext;

  it('must be there to be restored from', async () => {
    const folder = async (path: string) => (path === 'D:\\there' ? { modified: new Date(0) } : undefined);
    const context = contextWith({ facts: { system: { folder } } as unknown as StepContext['facts'] });
    const request = (storePath: string) => runRequestStateStore({ requestType: 'restore', storePath }, context);
    await expect(request('D:\\missing')).rejects.toMatchObject({ code: 'STEP_FAILED', where: 'D:\\missing' });
    expect(context.variables.get('OSDStateStorePath')).toBeUndefined();
    await request('D:\\there');
    expect(context.variables.get('OSDStateStorePath')).toBe('D:\\there');
  });

  it('is deleted when it is one, and on a drive alone', async () => {
    const folder = await temporaryFolder();
    const files = volumeFiles(folder);
    await writeFiles(folder, { 'stores/one/USMT/USMT.MIG': 'x', 'stores/two/letter.txt': 'x' });
    const mount = async () => ({ path: folder, files, [Symbol.asyncDispose]: async () => undefined });
    const context = contextWith({ platform: { name: 'windows', mount } as unknown as StepContext['platform'] });
    const release = (storePath: string) => runReleaseStateStore({ storePath, deleteStore: true }, context);
    await release('D:\\Stores\\One');
    await release('D:\\Stores\\Two');
    expect(await files.list('stores')).toEqual(['two']);
    await expect(release('\\\\server\\share\\x')).rejects.toMatchObject({ code: 'STEP_FAILED' });
  });
});
