import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PACKAGE } from '../helpers/fake-medium.ts';
import { beginSigned, filesWith, sealedMedium } from '../helpers/wine-guarded.ts';
import { screenOf } from '../helpers/wine-screen.ts';
import { APPLY_FOLDER, type StubPlan } from '../helpers/wine-stubs.ts';
import { openWindows, WINDOWS, windowsRuntime } from '../helpers/wine-windows.ts';
import { APPLIED, openWinpe, type Winpe } from '../helpers/wine-winpe.ts';

const RUNTIME = 'mediasmith/windows/x64/mediasmith.exe';
/** With what a command line and a variable would take for their own. */
const PASSWORD = 'correct "horse" %battery%';
const WRONG = 'correct horse';
const KEY = 'a value that is secret';
const NEVER_SHOWN = [PASSWORD, WRONG, 'AGE-SECRET-KEY'];
const note = (drive: string, program: string) => ({
  step: 'run-command-line',
  command: [`${drive}\\System32\\${program}.exe`, '%Kind% in %Site%, rack %Rack%, of %Owner%, with %Key%'],
});

const sequence = (id: string, name: string) => ({
  ...{ formatVersion: 2, id, name, onSuccess: 'shutdown' },
  steps: [
    note('X:\\Windows', 'powercfg'),
    { step: 'format-and-partition-disk', style: 'gpt' },
    { step: 'apply-operating-system', image: 'windows' },
    { step: 'apply-windows-settings', computerName: 'PC-1' },
    { step: 'setup-windows' },
    note(WINDOWS, 'note'),
  ],
});
const CONTENT = {
  sequences: [sequence('first', 'A hidden sequence'), sequence('second', 'Another hidden sequence')],
  variables: [
    { name: 'Key', value: KEY, secret: true },
    { name: 'Owner', secret: false },
  ],
  machines: {
    formatVersion: 1 as const,
    collections: [{ name: 'all', variables: { Kind: 'any', Rack: 'none', Site: 'Bonn' } }],
    machines: [
      { match: { serial: 'system serial*' }, variables: { Kind: 'known' } },
      { match: { serial: 'another' }, variables: { Kind: 'unknown' } },
    ],
  },
};
/** The package of the prestart command: it sees its folder, its arguments and where variables go. */
const HELLO = '@echo it says %~1\r\n@echo Site=Berlin>>"%MEDIASMITH_VARIABLES%"\r\n';
const PLAN: StubPlan = { dism: [{ files: { [`${APPLY_FOLDER}\\hello.cmd`]: HELLO } }, APPLIED] };

let winpe: Winpe;
beforeAll(async () => {
  winpe = await openWinpe();
});
afterAll(() => winpe?.[Symbol.asyncDispose]());

it('a signed and sealed medium: its password, its prestart command, its machines, and on in the installed Windows', async () => {
  const { contents, ...sealed } = await sealedMedium(CONTENT, PASSWORD);
  await beginSigned(
    winpe,
    {
      ...sealed,
      contents: { ...contents, [RUNTIME]: await readFile(await windowsRuntime()) },
      windowsRuntimes: [{ architecture: 'x64', file: RUNTIME }],
      packages: [PACKAGE],
      prestart: { command: ['C:\\windows\\system32\\cmd.exe', '/d', '/c', 'hello.cmd', 'two words'], package: 'tools' },
      validity: { from: '2020-01-01T00:00:00Z', until: '2099-12-31T00:00:00Z' },
      unattended: false,
    },
    PLAN,
  );
  const terminal = winpe.terminal();
  await terminal.sees(/Password of the medium:/, 60);
  terminal.type(`${WRONG}\r`);
  await terminal.sees(/The password is wrong\. The next one can be typed in 1 s\.[\s\S]*Password of the medium:/, 60);
  expect(terminal.output()).not.toMatch(/hidden|hello/);
  expect(await winpe.calls()).not.toMatch(/diskpart|dism/);
  terminal.type(`${PASSWORD}\r`);
  await terminal.sees(/A hidden sequence[\s\S]*Number[^:]*:/, 60);
  terminal.type('2\r');
  await terminal.sees(/Owner[^:]*:/);
  terminal.type('Ann\r');
  await terminal.sees(/The task sequence goes on in the installed Windows\./, 60);
  expect(await terminal.end).toBe(0);
  const said = await winpe.said('info');
  expect(said).toContainEqual(
    expect.stringMatching(/^the medium is signed with the key [0-9A-F]{16}: mediasmith a-medium$/),
  );
  expect(said).toContain('it says two words');
  expect(await winpe.said('warning')).toEqual(['The password is wrong. The next one can be typed in 1 s.']);
  await expect(await winpe.calls()).toMatchFileSnapshot('golden/sealed-winpe.txt');
  expect(screenOf(terminal.output()).join('\n')).not.toMatch(/horse|battery|secret|AGE-/);
  const drives = await Promise.all(['D', 'S', 'W'].map((letter) => winpe.wine.drive(letter)));
  expect(await filesWith(NEVER_SHOWN, [winpe.boot, ...drives])).toEqual([]);
  expect(await winpe.log()).not.toContain(KEY);

  const [disk = ''] = (await winpe.stubs.calls()).flatMap(
    ({ script = '' }) => /uniqueid disk id=([0-9a-f-]{36})/i.exec(script)?.slice(1) ?? [],
  );
  const [medium = '', , drive = ''] = drives;
  await using windows = await openWindows({ medium, windows: drive, disk });
  const resumed = await windows.resume();
  expect(resumed, resumed.stdout).toMatchObject({ exitCode: 0, stderr: '' });
  await expect(await windows.calls()).toMatchFileSnapshot('golden/sealed-windows.txt');
  expect(await windows.said('error')).toEqual([]);
  expect(await filesWith(NEVER_SHOWN, [windows.drive])).toEqual([]);
  expect(await filesWith([...NEVER_SHOWN, KEY], [windows.medium])).toEqual([]);
  // Of what is sealed the medium has in clear only what the log says of a run.
  const telling = await filesWith(['hidden sequence'], [windows.medium]);
  expect(telling.filter((path) => !path.includes('/mediasmith/results/'))).toEqual([]);
  expect(await windows.log()).not.toContain(KEY);
});
