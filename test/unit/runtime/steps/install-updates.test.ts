import { describe, expect, it } from 'vitest';
import { offlineArgv, onlineArgv, wusaArgv } from '../../../../runtime/steps/install-updates/command-lines.ts';
import { outcomeOf } from '../../../../runtime/steps/install-updates/outcome.ts';
import { runInstallUpdates, updatesIn } from '../../../../runtime/steps/install-updates/run.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { type ContentWish, runContent } from '../../../helpers/run-content.ts';
import { stepContext } from './step-context.ts';

const files = { 'kb10.msu': '', 'KB9.CAB': '', 'readme.txt': '', 'sub/kb1.msu': '' };
const STEP = { step: 'install-updates', packages: ['tools'] };
const DEPLOY = [{ step: 'format-and-partition-disk' }, { step: 'apply-operating-system', image: 'windows' }];

function inWinpe(wish: ContentWish = {}) {
  return runContent([...DEPLOY, STEP], { platformName: 'winpe', machine: aMachine(), files, ...wish });
}

it('the command lines', () => {
  const offline = { image: 'W:\\', update: 'W:\\u\\a.msu', scratchFolder: 'W:\\s', logFile: 'X:\\dism.log' };
  expect(offlineArgv('dism.exe', offline)).toMatchInlineSnapshot(`
    [
      "dism.exe",
      "/English",
      "/Image:W:\\",
      "/Add-Package",
      "/PackagePath:W:\\u\\a.msu",
      "/ScratchDir:W:\\s",
      "/LogPath:X:\\dism.log",
    ]
  `);
  expect(onlineArgv('dism.exe', offline)).toMatchInlineSnapshot(`
    [
      "dism.exe",
      "/English",
      "/Online",
      "/Add-Package",
      "/PackagePath:W:\\u\\a.msu",
      "/NoRestart",
      "/LogPath:X:\\dism.log",
    ]
  `);
  expect(wusaArgv('wusa.exe', 'C:\\u\\a.msu')).toMatchInlineSnapshot(`
    [
      "wusa.exe",
      "C:\\u\\a.msu",
      "/quiet",
      "/norestart",
    ]
  `);
});

describe('in the running Windows', () => {
  it('wusa installs .msu files and DISM .cab files, in the order of their names', async () => {
    const { outcome, ran, platform } = await runContent([STEP], { files });
    expect(outcome).toEqual({ action: 'restart' });
    expect(ran).toMatchInlineSnapshot(`
      [
        "C:\\Windows\\System32\\dism.exe /English /Online /Add-Package /PackagePath:FOLDER/volumes/C/_SMSTaskSequence/Updates/package/KB9.CAB /NoRestart /LogPath:FOLDER/dism.log",
        "C:\\Windows\\System32\\wusa.exe FOLDER/volumes/C/_SMSTaskSequence/Updates/package/kb10.msu /quiet /norestart",
      ]
    `);
    expect(platform.deeds).toContain('mount C write');
  });

  it('a restart comes after the last update', async () => {
    const steps = [STEP, { step: 'run-command-line', command: 'after' }];
    const { outcome, calls } = await runContent(steps, { files, answer: () => ({ exitCode: 3010 }) });
    expect([outcome, calls.length]).toEqual([{ action: 'restart', continues: 'full-os' }, 2]);
  });

  it.each([
    [2359302, 'already installed'],
    [-2145124329, 'not applicable'],
    [0x80240017, 'not applicable'],
    [0x800f081e, 'not applicable'],
  ])('exit code %d is no failure: %s', async (exitCode, meaning) => {
    const { outcome, log } = await runContent([STEP], { files, answer: () => ({ exitCode }) });
    expect(outcome).toEqual({ action: 'restart' });
    expect(log).toContain(`kb10.msu: ${meaning}`);
  });

  it('a failure says what it means', async () => {
    const { outcome, calls } = await runContent([STEP], { files, answer: () => ({ exitCode: 112 }) });
    expect(calls).toHaveLength(1);
    expect(outcome.error).toMatchObject({
      code: 'TOOL_FAILED',
      message: 'KB9.CAB: dism.exe ended with 112 (0x70), the disk is full',
      exitCode: 112,
    });
  });

  it('a failure lets the others follow where the step says so', async () => {
    const step = { ...STEP, continueOnFailure: true };
    const { outcome, calls } = await runContent([step], { files, answer: () => ({ exitCode: 5 }) });
    expect([outcome.error, calls.length]).toEqual([undefined, 2]);
  });
});

describe('in WinPE', () => {
  it('DISM installs all of them into the deployed Windows', async () => {
    const { outcome, ran, platform } = await inWinpe();
    expect(outcome).toEqual({ action: 'restart' });
    expect(ran).toMatchInlineSnapshot(`
      [
        "X:\\Windows\\System32\\dism.exe /English /Image:FOLDER/volumes/Windows /Add-Package /PackagePath:FOLDER/volumes/Windows/_SMSTaskSequence/Updates/package/KB9.CAB /ScratchDir:FOLDER/volumes/Windows/_SMSTaskSequence/Updates/scratch /LogPath:FOLDER/dism.log",
        "X:\\Windows\\System32\\dism.exe /English /Image:FOLDER/volumes/Windows /Add-Package /PackagePath:FOLDER/volumes/Windows/_SMSTaskSequence/Updates/package/kb10.msu /ScratchDir:FOLDER/volumes/Windows/_SMSTaskSequence/Updates/scratch /LogPath:FOLDER/dism.log",
      ]
    `);
    expect(
      await (await platform.mount({ name: 'Windows' } as never, 'read')).files.exists('_SMSTaskSequence/Updates'),
    ).toBe(false);
  });

  it('a restart comes with the first start of that Windows and not now', async () => {
    const { outcome } = await inWinpe({ answer: () => ({ exitCode: 3010 }) });
    expect(outcome).toEqual({ action: 'restart' });
  });

  it('the progress DISM draws is not logged', async () => {
    const lines = ['Processing 1 of 1', '[===      23.0%       ]', 'The operation completed successfully.'];
    const { log } = await inWinpe({ answer: () => ({ lines }) });
    expect(log.filter((line) => lines.includes(line))).toEqual([lines[0], lines[2], lines[0], lines[2]]);
  });

  it('there must be a volume', async () => {
    const { outcome } = await runContent([STEP], { platformName: 'winpe', machine: aMachine(), files });
    expect(outcome.error).toMatchObject({ code: 'VOLUME_NOT_FOUND' });
  });
});

it('a package without updates is no failure', async () => {
  const { outcome, log } = await runContent([STEP]);
  expect(outcome.error).toBeUndefined();
  expect(log).toContain('package tools has no .msu or .cab file');
});

it('names are in order as people count', () => {
  expect(updatesIn(['kb10.msu', 'b.cab', 'kb9.msu', 'a.exe', '01.MSU'])).toEqual([
    '01.MSU',
    'b.cab',
    'kb9.msu',
    'kb10.msu',
  ]);
});

it.each(Object.entries({ 0: 'installed', 3010: 'restart', 2359301: 'restart', 1: undefined }))(
  'exit code %s',
  (code, outcome) => {
    expect(outcomeOf(Number(code))).toBe(outcome);
  },
);

it('what cannot be tidied up is no failure', async () => {
  const { context, platform, ran, logged } = await stepContext({ name: 'windows' });
  platform.packageFiles = files;
  const { mount } = platform;
  let removals = 0;
  platform.mount = async (...args) => {
    const volume = await mount.apply(platform, args);
    const remove = async (path: string) => {
      if (++removals > 1) throw new Error('EBUSY: resource busy');
      await volume.files.remove(path);
    };
    return { ...volume, files: { ...volume.files, remove } };
  };
  await runInstallUpdates({ packages: ['tools'], volume: 'Windows', continueOnFailure: false }, context);
  expect(ran).toHaveLength(2);
  expect(logged).toContainEqual(expect.stringMatching(/^warning: .*Updates stays: EBUSY/));
});
