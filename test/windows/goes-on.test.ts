import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PACKAGE } from '../helpers/fake-medium.ts';
import type { StubPlan } from '../helpers/wine-stubs.ts';
import { APPLY_FOLDER } from '../helpers/wine-stubs.ts';
import { type InstalledWindows, openWindows, WINDOWS, windowsRuntime } from '../helpers/wine-windows.ts';
import { openWinpe, type Winpe } from '../helpers/wine-winpe.ts';

const RUNTIME = 'mediasmith/windows/x64/mediasmith.exe';
const NOTE = (text: string) => ({ step: 'run-command-line', command: [`${WINDOWS}\\System32\\note.exe`, text] });
const PASSWORD = 'correct horse "battery"';
/** Outside of English alone, and with what a shell would take for its own. */
const NAME = 'PC-Größe';

const SEQUENCE = {
  formatVersion: 2,
  id: 'it',
  name: 'It',
  onSuccess: 'shutdown',
  steps: [
    { step: 'set-variable', variable: 'Kind', value: NAME },
    { step: 'format-and-partition-disk', style: 'gpt' },
    { step: 'apply-operating-system', image: 'windows' },
    { step: 'apply-windows-settings', computerName: 'PC-1' },
    { step: 'setup-windows' },
    NOTE('first in %Kind%, SMSTSInWinPE %_SMSTSInWinPE%'),
    { step: 'run-powershell-script', sourceScript: 'Get-Date', executionPolicy: 'Bypass', outputVariable: 'Said' },
    { ...NOTE('not in Windows'), runIn: 'winpe' },
    { step: 'install-package', package: 'tools', command: 'setup.exe /for:"%Said%"' },
    { step: 'install-application', applications: ['editor'] },
    { step: 'install-updates', packages: ['tools'] },
    NOTE('after the updates'),
    { step: 'restart-computer', target: 'full-os' },
    {
      step: 'join-domain-or-workgroup',
      domain: 'example.com',
      account: 'EXAMPLE\\join',
      password: PASSWORD,
      skipRestart: true,
    },
    NOTE('last, %_SMSTSLastActionName%'),
  ],
};

/** What each call of DISM in the running Windows puts where: the package of three steps, then the updates themselves. */
const PLAN: StubPlan = {
  schtasks: [{ exitCode: 1, stderr: 'ERROR: The system cannot find the file specified.\r\n' }],
  dism: [
    { programs: [`${APPLY_FOLDER}\\setup.exe`] },
    { programs: [`${APPLY_FOLDER}\\editor.exe`] },
    { files: { [`${APPLY_FOLDER}\\2.msu`]: '', [`${APPLY_FOLDER}\\10.cab`]: '', [`${APPLY_FOLDER}\\read.txt`]: '' } },
  ],
  wusa: { exitCode: 3010 },
  editor: { exitCode: 17 },
  powershell: [{ stdout: 'Größe\r\n' }, { inputTo: 'W:\\wish.json' }],
};

let winpe: Winpe;
let windows: InstalledWindows;
beforeAll(async () => {
  winpe = await openWinpe();
});
afterAll(async () => {
  await windows?.[Symbol.asyncDispose]();
  await winpe?.[Symbol.asyncDispose]();
});

it('a deployment that goes on in the installed Windows, over two restarts, to its end', async () => {
  const editor = { name: 'editor', package: 'tools', command: ['editor.exe', '/S'], successCodes: [17], dependsOn: [] };
  await winpe.begin({
    sequences: [SEQUENCE],
    windowsRuntimes: [{ architecture: 'x64', file: RUNTIME }],
    contents: { [RUNTIME]: await readFile(await windowsRuntime()) },
    packages: [PACKAGE],
    applications: [editor],
  });
  expect(await winpe.run()).toMatchObject({ exitCode: 0, stderr: '' });
  await expect(await winpe.calls()).toMatchFileSnapshot('golden/goes-on-winpe.txt');
  expect(await winpe.said('warning')).toEqual([]);
  expect(await winpe.claim()).toBe('');
  const { medium, drive, disk } = await taken();

  windows = await openWindows({ medium, windows: drive, disk });
  await windows.stubs.plan(PLAN);
  const script = await windows.script('W:\\Windows\\Setup\\Scripts\\SetupComplete.cmd');
  expect(script.exitCode).toBe(0);
  expect(await windows.said('info')).toContain(
    'the sequence goes on in a task, because Windows Setup is still at work',
  );
  await expect(await windows.calls()).toMatchFileSnapshot('golden/goes-on-setup.txt');

  await windows.stubs.forget();
  await windows.stubs.plan({ ...PLAN, schtasks: {} });
  await resumeWell();
  await expect(await windows.calls()).toMatchFileSnapshot('golden/goes-on-1.txt');
  await windows.stubs.forget();
  await windows.stubs.plan({});
  await resumeWell();
  await expect(await windows.calls()).toMatchFileSnapshot('golden/goes-on-2.txt');
  await windows.stubs.forget();
  await windows.stubs.plan({ powershell: { inputTo: 'W:\\wish.json' } });
  await resumeWell();
  await expect(await windows.calls()).toMatchFileSnapshot('golden/goes-on-3.txt');

  expect(JSON.parse(await readFile(join(windows.drive, 'wish.json'), 'utf8'))).toMatchObject({ password: PASSWORD });
  expect(await windows.said('error')).toEqual([]);
  expect(await windows.said('warning')).toEqual([]);
  expect(await windows.log()).not.toContain(PASSWORD);
  // The program that runs goes when Windows starts next.
  expect(await windows.files('_SMSTaskSequence')).toEqual(['bin', 'bin/mediasmith.exe']);
  expect(await windows.files('Windows/Setup/Scripts')).toEqual([]);
  const left = await windows.files('Windows/Logs/Mediasmith');
  expect(left.map((name) => name.replace(/\d{8}T\d{6}Z/, '<time>'))).toEqual(
    expect.arrayContaining(['result-it.json', 'smsts-<time>.log', 'smsts.log']),
  );
  const result = JSON.parse(await readFile(join(windows.drive, 'Windows/Logs/Mediasmith/result-it.json'), 'utf8'));
  expect(result).toMatchObject({ outcome: 'succeeded', sequence: { id: 'it' } });
});

it('what was left behind starts nothing more', async () => {
  await windows.stubs.forget();
  await resumeWell();
  expect(await windows.calls()).toBe('schtasks /Delete /TN Mediasmith resume /F\n');
});

async function resumeWell(): Promise<void> {
  const { exitCode, stdout, stderr } = await windows.resume();
  expect({ exitCode, stderr }, stdout).toEqual({ exitCode: 0, stderr: '' });
}

/** The disk as WinPE leaves it behind: its folders, and the name that diskpart was to give it. */
async function taken() {
  const scripts = (await winpe.stubs.calls()).map(({ script = '' }) => script).join('\n');
  const disk = /uniqueid disk id=([0-9a-f-]{36})/i.exec(scripts)?.[1] ?? '';
  return { medium: await winpe.wine.drive('D'), drive: await winpe.wine.drive('W'), disk };
}
