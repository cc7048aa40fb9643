import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { deleteTaskArgv, endProgramsArgv, endTaskArgv, grantArgv, taskArgv } from '../../../../runtime/steps/run-as.ts';
import { aMachine } from '../../../helpers/machine.ts';
import { type Call, runContent } from '../../../helpers/run-content.ts';

const STEP = {
  step: 'run-command-line',
  command: 'setup.exe /name "a b"',
  package: 'tools',
  runAs: { account: '.\\admin', password: 'hunter6' },
};

/** PowerShell ends as the program would; the rest succeeds. */
function ending(exitCode: number) {
  return ({ argv }: Call) => ({ exitCode: argv[0]?.endsWith('powershell.exe') ? exitCode : 0 });
}

it('the command lines', () => {
  expect(grantArgv('icacls.exe', 'C:\\t', 'PC1\\admin')).toMatchInlineSnapshot(`
    [
      "icacls.exe",
      "C:\\t",
      "/grant",
      "PC1\\admin:(OI)(CI)M",
    ]
  `);
  expect(taskArgv('powershell.exe')).toMatchInlineSnapshot(`
    [
      "powershell.exe",
      "-NoLogo",
      "-NoProfile",
      "-NonInteractive",
      "-Command",
      "$ErrorActionPreference = 'Stop'; $wish = (@($input) -join '') | ConvertFrom-Json; $output = [IO.File]::Open($wish.output, 'OpenOrCreate', 'Read', 'ReadWrite'); $shown = [Console]::OpenStandardOutput(); $action = New-ScheduledTaskAction -Execute $wish.program -Argument $wish.arguments -WorkingDirectory $wish.folder; $settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -ExecutionTimeLimit ([TimeSpan]::Zero); Register-ScheduledTask -Force -TaskName $wish.task -Action $action -Settings $settings -User $wish.account -Password $wish.password -RunLevel Highest | Out-Null; Start-ScheduledTask -TaskName $wish.task; $late = (Get-Date).AddSeconds(60); do { Start-Sleep -Milliseconds 500; $output.CopyTo($shown); $shown.Flush(); if ($output.Position -gt 1GB) { throw 'it has written more than 1 GB of output' }; $state = (Get-ScheduledTask -TaskName $wish.task).State; $code = (Get-ScheduledTaskInfo -TaskName $wish.task).LastTaskResult; if ($code -eq 267011 -and (Get-Date) -gt $late) { throw 'the task does not start' }; } while ($state -in 'Running', 'Queued' -or $code -in 267011, 267009); $output.CopyTo($shown); $shown.Flush(); $output.Close(); Unregister-ScheduledTask -TaskName $wish.task -Confirm:$false; exit [BitConverter]::ToInt32([BitConverter]::GetBytes([uint32]$code), 0)",
    ]
  `);
  expect(endProgramsArgv('powershell.exe')).toMatchInlineSnapshot(`
    [
      "powershell.exe",
      "-NoLogo",
      "-NoProfile",
      "-NonInteractive",
      "-Command",
      "$ErrorActionPreference = 'Stop'; $wish = (@($input) -join '') | ConvertFrom-Json; Get-CimInstance Win32_Process | Where-Object { $_.Name -eq 'cmd.exe' -and $_.CommandLine -and $_.CommandLine.Contains($wish.batch) } | ForEach-Object { & $wish.taskkill /f /t /pid $_.ProcessId }",
    ]
  `);
  expect(endTaskArgv('schtasks.exe')).toMatchInlineSnapshot(`
    [
      "schtasks.exe",
      "/end",
      "/tn",
      "Mediasmith run as",
    ]
  `);
  expect(deleteTaskArgv('schtasks.exe')).toMatchInlineSnapshot(`
    [
      "schtasks.exe",
      "/delete",
      "/tn",
      "Mediasmith run as",
      "/f",
    ]
  `);
});

describe('in the running Windows', () => {
  it('a task of the account starts the program, which may use the package', async () => {
    const { outcome, calls, tidy } = await runContent([STEP]);
    expect(outcome).toEqual({ action: 'restart' });
    expect(calls.map(({ argv }) => tidy(argv.slice(0, 4).join(' ')))).toEqual([
      'C:\\Windows\\System32\\icacls.exe TEMP /grant PC1\\admin:(OI)(CI)M',
      'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe -NoLogo -NoProfile -NonInteractive',
    ]);
    const name = basename(JSON.parse(String(calls[1]?.options.input)).folder);
    expect(JSON.parse(String(calls[1]?.options.input))).toEqual({
      task: 'Mediasmith run as',
      program: 'C:\\Windows\\System32\\cmd.exe',
      arguments: `/d /e:on /v:off /c .\\${name}.cmd >.\\${name}.txt 2>&1 <nul`,
      folder: expect.stringMatching(/\/step-\w+$/),
      output: expect.stringMatching(new RegExp(`/${name}/${name}.txt$`)),
      account: '.\\admin',
      password: 'hunter6',
    });
  });

  it('the program stands in a batch file of that folder, which is gone afterwards', async () => {
    let text = '';
    let folder = '';
    const answer = ({ argv, options }: Call) => {
      if (!argv[0]?.endsWith('powershell.exe')) return undefined;
      folder = JSON.parse(String(options.input)).folder;
      text = readFileSync(join(folder, `${basename(folder)}.cmd`), 'utf8');
      return { exitCode: 0 };
    };
    await runContent([STEP], { answer });
    expect(text.replaceAll(folder, 'TEMP').split('\r\n').slice(2, 4)).toEqual([
      'pushd "TEMP" || exit 1',
      '"setup.exe" /name ^"a b^"',
    ]);
    expect(text).not.toContain('hunter6');
    expect(existsSync(folder)).toBe(false);
  });

  it('what it writes is in the log and in the variable, without secrets', async () => {
    const answer = ({ argv }: Call) =>
      argv[0]?.endsWith('powershell.exe') ? { lines: ['one', 'the password is hunter6'] } : undefined;
    const { log, variables } = await runContent([{ ...STEP, outputVariable: 'Output' }], { answer });
    expect(log).toContain('one');
    expect(log).toContain('the password is ********');
    expect(variables.get('Output')).toBe('one\nthe password is ********');
  });

  it('the exit code is the program’s: 3010 asks for a restart', async () => {
    const after = { step: 'run-command-line', command: 'after' };
    expect((await runContent([STEP, after], { answer: ending(3010) })).outcome.continues).toBe('full-os');
  });

  it('nothing of it is left after a failure, and the password is nowhere', async () => {
    const { outcome, ran, calls, events } = await runContent([STEP], { answer: ending(1) });
    expect(outcome.error).toMatchObject({ exitCode: 1, where: 'setup.exe /name "a b"' });
    expect(ran.at(-3)).toContain('Get-CimInstance Win32_Process');
    expect(JSON.parse(String(calls.at(-3)?.options.input))).toEqual({
      batch: expect.stringMatching(/^step-\w+\.cmd$/),
      taskkill: 'C:\\Windows\\System32\\taskkill.exe',
    });
    expect(ran.slice(-2)).toEqual([
      'C:\\Windows\\System32\\schtasks.exe /end /tn Mediasmith run as',
      'C:\\Windows\\System32\\schtasks.exe /delete /tn Mediasmith run as /f',
    ]);
    expect(JSON.stringify([events, outcome.error, calls.map(({ argv }) => argv)])).not.toContain('hunter6');
  });

  it('an account without a password is refused', async () => {
    const { outcome, calls } = await runContent([{ ...STEP, runAs: { account: 'a' } }]);
    expect([outcome.error, calls]).toMatchObject([{ message: 'the account a has no password' }, []]);
  });

  it('ConfigMgr’s variables name the account', async () => {
    const variables = new Variables();
    variables.set('SMSTSRunCommandLineAsUser', 'true');
    variables.set('SMSTSRunCommandLineUserName', 'DOM\\user');
    variables.set('SMSTSRunCommandLineUserPassword', 'hunter6', { secret: true });
    const { calls } = await runContent([{ step: 'run-command-line', command: 'x.exe' }], { variables });
    expect(JSON.parse(String(calls[1]?.options.input))).toMatchObject({ account: 'DOM\\user', password: 'hunter6' });
  });
});

it.each(['winpe', 'linux'] as const)('on %s there are no accounts', async (platformName) => {
  const { outcome, calls } = await runContent([STEP], { platformName, machine: aMachine() });
  expect([outcome.error, calls]).toMatchObject([{ code: 'STEP_FAILED', hint: expect.stringContaining('full-os') }, []]);
});

it('a command line that no batch file holds is refused before anything is done', async () => {
  const { outcome, calls } = await runContent([{ ...STEP, command: ['setup.exe', 'a\nb'] }]);
  expect([outcome.error, calls]).toMatchObject([
    { code: 'STEP_FAILED', message: expect.stringContaining('line break') },
    [],
  ]);
});
