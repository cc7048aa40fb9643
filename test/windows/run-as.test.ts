import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareWindowsRuntime } from '../../builder/boot/winpe/windows-runtime.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { exec } from '../../runtime/host/exec.ts';
import { batchArguments, batchFile } from '../../runtime/steps/batch-file.ts';
import { openWine, type Wine } from '../helpers/wine.ts';
import { linkOrCopy } from '../helpers/wine-stubs.ts';
import { openWindows, WINDOWS } from '../helpers/wine-windows.ts';

const PROBE = fileURLToPath(new URL('programs/probe.ts', import.meta.url));
const CMD = 'C:\\windows\\system32\\cmd.exe';
/** What cmd.exe could take for something of its own. That of Wine 10 reads batch files in the OEM code page: ASCII alone. */
const FOLDER = 'X:\\a %TEMP% & (b) ^c!';
const PROGRAM = `${FOLDER}\\probe 100%.exe`;

let wine: Wine;
let granted: string;

beforeAll(async () => {
  wine = await openWine();
  const drive = await wine.drive('X');
  granted = join(drive, 'granted');
  const options = { cacheFolder: cacheFolder(), architecture: 'x64', exec, emit: () => undefined } as const;
  const { executable } = await prepareWindowsRuntime({ ...options, runtimeEntry: PROBE });
  for (const path of [join(drive, 'probe.exe'), join(drive, ...PROGRAM.split('\\').slice(1))]) {
    await mkdir(join(path, '..'), { recursive: true });
    await linkOrCopy(executable, path);
  }
  await mkdir(granted);
});
afterAll(() => wine?.[Symbol.asyncDispose]());

/** As the Task Scheduler starts it: the real cmd.exe, in the granted folder, with one text for arguments. */
async function runTask(rest: string, program = PROGRAM) {
  await writeFile(join(granted, 'step-1.cmd'), batchFile({ folder: FOLDER, program, rest }));
  const line = batchArguments('X:\\granted\\step-1.cmd', 'X:\\granted\\step-1.txt');
  const { stdout } = await wine.run(['X:\\probe.exe', 'task', 'X:\\granted', CMD, line]);
  return { exitCode: JSON.parse(stdout), output: await readFile(join(granted, 'step-1.txt'), 'utf8') };
}

describe('the batch file of a program under another account, run by cmd.exe', () => {
  it.each([
    '',
    'a  b\tc',
    '"a b" \\"c\\" "d\\\\" ""',
    '%TEMP% %%TEMP%% 100% %1 %* %~dp0 %',
    '^ ^^ ^& "^" ^"',
    'a & b && c | d || e > f >> g < h 2>&1 1>x',
    '"a & b" "c | d > e" "%TEMP%" "(f)"',
    '(a) ) ( , ; = @echo off :label !TEMP! !',
    'odd " quote & still | here',
    "'a' `b` $c #d ~e * ? [f] {g}",
  ])('hands over what the step says, letter by letter: %s', async (rest) => {
    const { exitCode, output } = await runTask(`command-line ${rest}`.trim());
    const [first, said = ''] = output.split('\n');
    expect(first).toBe('an error');
    expect(JSON.parse(said)).toEqual({ line: `"${PROGRAM}" command-line ${rest}`.trim(), folder: FOLDER });
    expect(exitCode).toBe(0);
  });

  it('takes a line as long as it says it does', async () => {
    const long = 'x'.repeat(7950 - Buffer.byteLength(PROGRAM));
    expect((await runTask(`argv ${long}`)).output).toBe(`["${long}"]\n`);
  });

  it.each([0, 1, 3010, 0xc0000005, 0x80070005])('ends as the program does: %i', async (code) => {
    expect((await runTask(`exit ${code}`)).exitCode).toBe(code);
  });

  it('says of a program that is not there what cmd.exe says', async () => {
    const { exitCode, output } = await runTask('', 'X:\\none.exe');
    expect(exitCode).not.toBe(0);
    expect(output).not.toBe('');
  });
});

it('the real executable hands over no password but through standard input, and shows what comes of it', async () => {
  await using windows = await openWindows();
  const runAs = { account: '.\\admin', password: 'hunter6' };
  const steps = [
    { step: 'run-command-line', command: 'setup.exe /s', runAs, successCodes: [0, 5], outputVariable: 'Said' },
    { step: 'run-command-line', command: [`${WINDOWS}\\System32\\note.exe`, '%Said%, %_SMSTSLastActionRetCode%'] },
  ];
  const sequence = { formatVersion: 2, id: 'it', name: 'It', startsIn: 'full-os', onSuccess: 'shell', steps };
  const powershell = { stdout: 'Größe of hunter6\r\n', exitCode: 5, inputTo: 'W:\\wish.json' };
  await windows.insert({ sequences: [sequence], unattended: true }, { powershell });
  expect(await windows.run('run')).toMatchObject({ exitCode: 0, stderr: '' });
  const wish = JSON.parse(await readFile(join(windows.drive, 'wish.json'), 'utf8'));
  expect(wish).toMatchObject({
    arguments: expect.stringMatching(/^\/d \/e:on \/v:off \/c \.\\(step-\w+)\.cmd >\.\\\1\.txt 2>&1 <nul$/),
    password: 'hunter6',
  });
  const calls = await windows.stubs.calls();
  expect(calls.map(({ name }) => name)).toEqual(['icacls', 'powershell', 'note']);
  expect(calls[0]?.argv.slice(1)).toEqual(['/grant', expect.stringMatching(/admin:\(OI\)\(CI\)M$/)]);
  expect(calls[2]?.argv).toEqual(['Größe of ********, 5']);
  expect(await windows.said('info')).toContain('Größe of ********');
  expect(await windows.log()).not.toContain('hunter6');
  const temporary = join(await windows.wine.drive('C'), ...wish.folder.split('\\').slice(1));
  expect([existsSync(dirname(temporary)), existsSync(temporary)]).toEqual([true, false]);
});
