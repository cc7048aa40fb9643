import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newSequence } from '../../builder/templates.ts';
import { PACKAGE } from '../helpers/fake-medium.ts';
import { temporaryFolder, writeFiles } from '../helpers/temporary-folder.ts';
import { APPLY_FOLDER, installStubs } from '../helpers/wine-stubs.ts';
import { type InstalledWindows, openWindows, WINDOWS } from '../helpers/wine-windows.ts';

const FOLDER = 'mediasmith/upgrade/windows-11-upgrade';
const UPGRADE = {
  ...{ name: 'windows-11-upgrade', folder: FOLDER, architecture: 'x64', version: '10.0.26100.1' },
  ...{ languages: ['en-US'], editions: ['Professional'] },
};
const CURRENT_VERSION = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const SCRIPTS = 'W:\\_SMSTaskSequence\\upgrade';
const VALUES = { freeDiskSpace: '1 MB', minimumVersion: '10.0.10240', logFolder: 'W:\\UpgradeLogs' };

let windows: InstalledWindows;
beforeAll(async () => {
  windows = await openWindows();
});
afterAll(() => windows?.[Symbol.asyncDispose]());

/** The template as far as the restart of Windows Setup. */
async function upgrade(): Promise<void> {
  const out = join(await temporaryFolder(), 'upgrade.yaml');
  const { sequence } = await newSequence('upgrade-in-place', { out, values: new Map(Object.entries(VALUES)) });
  const packages = [{ ...PACKAGE, name: 'setupdiag' }];
  await windows.insert({ sequences: [sequence], upgradePackages: [UPGRADE], packages });
  await installStubs(join(windows.medium, FOLDER), ['setup']);
  await writeFiles(windows.medium, { [`${FOLDER}/stub-home`]: `${WINDOWS}\\System32` });
  const { exitCode, stdout, stderr } = await windows.run();
  expect({ exitCode, stderr }, stdout).toEqual({ exitCode: 0, stderr: '' });
}

async function result(): Promise<unknown> {
  const file = join(windows.drive, 'Windows/Logs/Mediasmith/result-upgrade-in-place.json');
  return JSON.parse(await readFile(file, 'utf8'));
}

it('the template upgrade-in-place: Setup, its restart, and the end in the newer Windows', async () => {
  await upgrade();
  await expect(await windows.calls()).toMatchFileSnapshot('golden/template-upgrade.txt');
  await windows.registry(['add', CURRENT_VERSION, '/v', 'CurrentBuildNumber', '/t', 'REG_SZ', '/d', '26100', '/f']);
  expect((await windows.script(`${SCRIPTS}\\setupcomplete.cmd`)).exitCode).toBe(0);
  await windows.stubs.forget();
  expect(await windows.resume(), await windows.log()).toMatchObject({ exitCode: 0, stderr: '' });
  await expect(await windows.calls()).toMatchFileSnapshot('golden/template-upgraded.txt');
  expect(await result()).toMatchObject({ outcome: 'succeeded' });
});

it('a rollback: the logs of Setup are collected, SetupDiag is run, and the sequence has failed', async () => {
  await upgrade();
  await writeFiles(windows.drive, {
    '$WINDOWS.~BT/Sources/Rollback/setuperr.log': 'Error ... 0xC1900101 - 0x20017\r\n',
  });
  expect((await windows.script(`${SCRIPTS}\\setuprollback.cmd`)).exitCode).toBe(0);
  await windows.stubs.forget();
  await windows.stubs.plan({ dism: { programs: [`${APPLY_FOLDER}\\SetupDiag.exe`] } });
  expect(await windows.resume(), await windows.log()).toMatchObject({ exitCode: 5, stderr: '' });
  await expect(await windows.calls()).toMatchFileSnapshot('golden/template-rollback.txt');
  expect(await result()).toMatchObject({ outcome: 'failed' });
  const errors = `${(await windows.said('error')).join('\n')}\n`;
  await expect(errors).toMatchFileSnapshot('golden/template-rollback-errors.txt');
});
