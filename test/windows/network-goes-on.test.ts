import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WINPE_NETWORK_FILE, type WinpeNetwork } from '../../runtime/contract/winpe-start.ts';
import { IMAGE, PACKAGE } from '../helpers/fake-medium.ts';
import { followLines } from '../helpers/follow-lines.ts';
import { writeFiles } from '../helpers/temporary-folder.ts';
import { WebServer } from '../helpers/web-server.ts';
import { APPLY_FOLDER } from '../helpers/wine-stubs.ts';
import { type InstalledWindows, openWindows, WINDOWS, windowsRuntime } from '../helpers/wine-windows.ts';
import { openWinpe, type Winpe } from '../helpers/wine-winpe.ts';

const MIB = 1024 ** 2;
const RUNTIME = 'mediasmith/windows/x64/mediasmith.exe';
const LOG = 'Windows/Temp/SMSTSLog/smsts.log';
const NOTE = (text: string) => ({ step: 'run-command-line', command: [`${WINDOWS}\\System32\\note.exe`, text] });
const PACKAGE_STEP = { step: 'install-package', package: 'tools', command: 'setup.exe /quiet' };
/** The empty one and not the one that Wine says X: is on: here no medium is on that. */
const DISK = { minimumSize: '40 GB', maximumSize: '40 GB' };
const SEQUENCE = {
  ...{ formatVersion: 2, id: 'it', name: 'It', onSuccess: 'shell' },
  steps: [
    { step: 'format-and-partition-disk', style: 'gpt', disk: DISK },
    { step: 'apply-operating-system', image: 'windows' },
    { step: 'apply-windows-settings', computerName: 'PC-1' },
    { step: 'setup-windows' },
    PACKAGE_STEP,
    { step: 'restart-computer', target: 'full-os' },
    { ...PACKAGE_STEP, name: 'Again' },
    NOTE('last'),
  ],
};
const PLAN = { dism: { programs: [`${APPLY_FOLDER}\\setup.exe`] } };

let winpe: Winpe;
let windows: InstalledWindows;
let server: WebServer;
beforeAll(async () => {
  winpe = await openWinpe();
  await deploy();
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await windows?.[Symbol.asyncDispose]();
  await winpe?.[Symbol.asyncDispose]();
});

/** The part in WinPE, with a medium that nothing but a web server has; the disk is then that of an installed Windows. */
async function deploy(): Promise<void> {
  await winpe.begin({
    sequences: [SEQUENCE],
    windowsRuntimes: [{ architecture: 'x64', file: RUNTIME }],
    contents: { [RUNTIME]: await readFile(await windowsRuntime()), [IMAGE.file]: randomBytes(MIB) },
    packages: [PACKAGE],
  });
  const drive = await winpe.wine.drive('D');
  const folder = `${drive}-of-the-server`;
  await rename(drive, folder);
  server = await WebServer.start(folder);
  const network: WinpeNetwork = { formatVersion: 1, url: `http://127.0.0.1:${server.port}/` };
  await writeFiles(winpe.boot, { [`Windows/System32/${WINPE_NETWORK_FILE}`]: JSON.stringify(network) });
  expect(await winpe.run()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await winpe.said('error')).toEqual([]);
  const scripts = (await winpe.stubs.calls()).map(({ script = '' }) => script).join('\n');
  const disk = /uniqueid disk id=([0-9a-f-]{36})/i.exec(scripts)?.[1] ?? '';
  windows = await openWindows({ windows: await winpe.wine.drive('W'), disk });
}

/** A start of Windows; `onLine` sees the log as it grows. */
async function resume(onLine: (line: string) => void = () => undefined) {
  await rm(join(windows.drive, LOG), { force: true });
  await writeFiles(windows.drive, { [LOG]: '' });
  await windows.stubs.forget();
  await windows.stubs.plan(PLAN);
  server.requests.length = 0;
  using _ = followLines(join(windows.drive, LOG), onLine);
  return await windows.resume();
}

const asked = () => server.requests.map((line) => line.split(' ')[0]);
const imageFileOf = async () =>
  (await windows.calls()).split('\n').flatMap((line) => /\/ImageFile:(\S+)/.exec(line)?.[1] ?? []);
const KEPT = 'W:\\_SMSTaskSequence\\Network\\content\\mediasmith\\content.wim';

it('the address lies beside the state when Windows starts', async () => {
  expect(await readFile(join(windows.drive, '_SMSTaskSequence/medium'), 'utf8')).toBe(
    `http://127.0.0.1:${server.port}/`,
  );
});

it('content that has changed on the server is refused, and the sequence fails', async () => {
  const state = await copyOfState();
  const file = join(server.folder, PACKAGE.file);
  const right = await readFile(file);
  const wrong = Buffer.from(right);
  wrong[0] = 255 - (wrong[0] ?? 0);
  await writeFile(file, wrong);
  expect((await resume()).exitCode).toBe(4);
  expect((await windows.said('error')).join('\n')).toContain(
    `${PACKAGE.file}: what was copied is not what the manifest`,
  );
  expect(await imageFileOf()).toEqual([]);
  expect(await windows.files('_SMSTaskSequence')).toEqual(['bin', 'bin/mediasmith.exe']);
  await writeFile(file, right);
  await writeFiles(windows.drive, state);
});

it('a server that comes only later is waited for; the image is not fetched again', async () => {
  await server.switchOff();
  const on: Promise<void>[] = [];
  const result = await resume((line) => {
    if (line.includes('does not answer') && on.length === 0) on.push(server.switchOn());
  });
  await Promise.all(on);
  expect(result, await windows.log()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(on).toHaveLength(1);
  expect(await windows.said('info')).toContainEqual(
    `the medium is read from http://127.0.0.1:${server.port}/; the network is waited for, 15 min at most`,
  );
  expect(await imageFileOf()).toEqual([KEPT]);
  expect(asked()).toContain(`/${PACKAGE.file}`);
  expect(asked()).not.toContain(`/${IMAGE.file}`);
  expect(await windows.calls()).toContain('shutdown /r');
});

it('after a further restart what was fetched is still there, and at the end nothing is', async () => {
  expect(await resume()).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await imageFileOf()).toEqual([KEPT]);
  expect(asked()).not.toContain(`/${PACKAGE.file}`);
  expect(await windows.calls()).toContain('note last');
  expect(await windows.said('error')).toEqual([]);
  expect(await windows.files('_SMSTaskSequence')).toEqual(['bin', 'bin/mediasmith.exe']);
});

/** As `writeFiles` takes it. The program stays where it is. */
async function copyOfState(): Promise<Record<string, Buffer>> {
  const names = ['journal', 'medium'].map((name) => `_SMSTaskSequence/${name}`);
  const found = await Promise.all(
    names.map(async (name) => [name, await readFile(join(windows.drive, name))] as const),
  );
  return Object.fromEntries(found);
}
