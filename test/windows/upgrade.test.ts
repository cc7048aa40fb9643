import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE } from '../helpers/fake-medium.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';
import { APPLY_FOLDER, installStubs, type StubPlan } from '../helpers/wine-stubs.ts';
import { type InstalledWindows, openWindows, WINDOWS } from '../helpers/wine-windows.ts';

const FOLDER = 'mediasmith/upgrade/w11';
const W11 = {
  ...{ name: 'w11', folder: FOLDER, architecture: 'x64', version: '10.0.26100.1', languages: ['en-US'] },
  editions: ['Professional'],
};
const UPGRADE = { step: 'upgrade-operating-system', upgradePackage: 'w11' };
const NOTE = (text: string) => ({ step: 'run-command-line', command: [`${WINDOWS}\\System32\\note.exe`, text] });
const CODE = 'code %_SMSTSOSUpgradeActionReturnCode%, rollback %_SMSTSSetupRollback%';
const CURRENT_VERSION = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const SCRIPTS = 'W:\\_SMSTaskSequence\\upgrade';
/** What the scripts of the sequence itself leave. */
const OWN = (name: string) => ({ [`${APPLY_FOLDER}\\${name}`]: `@echo ${name}>>W:\\own.txt\r\nexit 5\r\n` });

let windows: InstalledWindows;
beforeAll(async () => {
  windows = await openWindows();
});
afterAll(() => windows?.[Symbol.asyncDispose]());

async function begin(steps: readonly object[], plan: StubPlan): Promise<void> {
  const sequence = { formatVersion: 2, id: 'it', name: 'It', startsIn: 'full-os', onSuccess: 'shell', steps };
  await windows.insert({ sequences: [sequence], upgradePackages: [W11], packages: [PACKAGE] }, plan);
  await installStubs(join(windows.medium, FOLDER), ['setup']);
  await writeFiles(windows.medium, { [`${FOLDER}/stub-home`]: `${WINDOWS}\\System32` });
}

async function well(end: Promise<{ exitCode: number; stdout: string; stderr: string }>): Promise<void> {
  const { exitCode, stdout, stderr } = await end;
  expect({ exitCode, stderr }, stdout).toEqual({ exitCode: 0, stderr: '' });
}

async function notes(): Promise<string[]> {
  return (await windows.stubs.calls()).flatMap(({ name, argv }) => (name === 'note' ? argv : []));
}

/** Setup's log as a failure leaves it. */
const logOf = (code: number) => ({
  'W:\\$WINDOWS.~BT\\Sources\\Panther\\setuperr.log': `Error SP ... ${hex(code)} - 0x2000C\r\n`,
});
const hex = (code: number) => `0x${code.toString(16).toUpperCase().padStart(8, '0')}`;

it('Setup ends with a code of its own: each is named, and the sequence is told', async () => {
  const scan = [0, 0xc1900210, 0xc1900208, 0xc1900200, 0xc190020e];
  const codes = [...scan, 0xc1900101, 0x1234];
  const steps = codes.flatMap((code, index) => [
    { ...UPGRADE, name: hex(code), scanOnly: index < scan.length, continueOnError: true },
    NOTE(CODE),
  ]);
  await begin(steps, { setup: codes.map((exitCode) => ({ exitCode, files: logOf(exitCode) })) });
  await well(windows.run());
  expect(await notes()).toEqual(
    [0xc1900210, ...codes.slice(1)].map((code) => `code ${code}, rollback %_SMSTSSetupRollback%`),
  );
  await expect((await windows.said('error')).join('\n').concat('\n')).toMatchFileSnapshot('golden/upgrade-codes.txt');
  expect((await windows.calls()).split('\n')[0]).toBe(
    'setup /Auto Upgrade /Quiet /NoReboot /EULA Accept /DynamicUpdate Disable /Compat ScanOnly',
  );
});

describe('over a restart', () => {
  const rescue = {
    group: 'Rollback',
    condition: { variable: '_SMSTSSetupRollback', value: 'true' },
    steps: [NOTE(`rolled back: ${CODE}`)],
  };
  const steps = [
    NOTE('before'),
    {
      ...UPGRADE,
      continueOnError: true,
      postOobePackage: 'tools',
      postRollbackPackage: 'tools',
      additionalOptions: '/MigrateDrivers All',
    },
    rescue,
    { ...NOTE(`upgraded: ${CODE}`), condition: { variable: '_SMSTSSetupRollback', value: 'false' } },
  ];
  const plan: StubPlan = { dism: [{ files: OWN('setupcomplete.cmd') }, { files: OWN('setuprollback.cmd') }] };

  async function upgrade(): Promise<void> {
    await writeFiles(windows.drive, { 'own.txt': '' });
    await begin(steps, plan);
    await well(windows.run());
    expect(await notes()).toEqual(['before']);
  }

  it('the new Windows goes on, started by the script of Setup', async () => {
    await upgrade();
    await expect(await windows.calls()).toMatchFileSnapshot('golden/upgrade.txt');
    await windows.registry(['add', CURRENT_VERSION, '/v', 'CurrentBuildNumber', '/t', 'REG_SZ', '/d', '26100', '/f']);
    await windows.stubs.forget();
    await well(windows.script(`${SCRIPTS}\\setupcomplete.cmd`));
    expect(await windows.calls()).toBe('schtasks /Query /TN Mediasmith resume\nschtasks /Run /TN Mediasmith resume\n');
    expect(await readFile(join(windows.drive, 'own.txt'), 'utf8')).toBe('setupcomplete.cmd\r\n');
    await well(windows.resume());
    expect(await notes()).toEqual(['upgraded: code 0, rollback false']);
    expect(await windows.said('info')).toContainEqual(
      expect.stringMatching(/^Windows is upgraded: .* is now 10\.0\.26100\./),
    );
    expect(await windows.files('_SMSTaskSequence')).toEqual(['bin', 'bin/mediasmith.exe']);
    expect(await windows.calls()).toContain('schtasks /Delete /TN Mediasmith resume /F\n');
  });

  it('the old Windows goes on after a rollback, and the sequence knows why', async () => {
    await upgrade();
    await writeFiles(windows.drive, {
      '$WINDOWS.~BT/Sources/Rollback/setuperr.log': 'Error ... 0xC1900101 - 0x20017\r\n',
    });
    await windows.stubs.forget();
    await well(windows.script(`${SCRIPTS}\\setuprollback.cmd`));
    expect(await readFile(join(windows.drive, 'own.txt'), 'utf8')).toBe('setuprollback.cmd\r\n');
    await well(windows.resume());
    expect(await notes()).toEqual([`rolled back: code ${0xc1900101}, rollback true`]);
    expect(await windows.said('error')).toContainEqual(
      expect.stringContaining('has rolled the upgrade back: 0xC1900101 - 0x20017'),
    );
    expect(await windows.files('_SMSTaskSequence')).toEqual(['bin', 'bin/mediasmith.exe']);
  });
});
