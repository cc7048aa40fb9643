import { describe, expect, it } from 'vitest';
import { Variables } from '../../../../runtime/contract/variables.ts';
import { deleteTaskArgv, endTaskArgv, grantArgv, taskArgv } from '../../../../runtime/steps/run-as.ts';
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
      "$ErrorActionPreference = 'Stop'; $wish = (@($input) -join '') | ConvertFrom-Json; $what = @{ Execute = $wish.program; WorkingDirectory = $wish.folder }; if ($wish.arguments) { $what.Argument = $wish.arguments }; $action = New-ScheduledTaskAction @what; $settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -ExecutionTimeLimit ([TimeSpan]::Zero); Register-ScheduledTask -Force -TaskName $wish.task -Action $action -Settings $settings -User $wish.account -Password $wish.password -RunLevel Highest | Out-Null; Start-ScheduledTask -TaskName $wish.task; $late = (Get-Date).AddSeconds(60); do { Start-Sleep -Milliseconds 500; $state = (Get-ScheduledTask -TaskName $wish.task).State; $code = (Get-ScheduledTaskInfo -TaskName $wish.task).LastTaskResult; if ($code -eq 267011 -and (Get-Date) -gt $late) { throw 'the task does not start' }; } while ($state -in 'Running', 'Queued' -or $code -in 267011, 267009); Unregister-ScheduledTask -TaskName $wish.task -Confirm:$false; exit [BitConverter]::ToInt32([BitConverter]::GetBytes([uint32]$code), 0)",
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
    expect(JSON.parse(tidy(String(calls[1]?.options.input)))).toEqual({
      task: 'Mediasmith run as',
      program: 'setup.exe',
      arguments: '/name "a b"',
      folder: 'TEMP',
      account: '.\\admin',
      password: 'hunter6',
    });
  });

  it('the exit code is the program’s: 3010 asks for a restart', async () => {
    const after = { step: 'run-command-line', command: 'after' };
    expect((await runContent([STEP, after], { answer: ending(3010) })).outcome.continues).toBe('full-os');
  });

  it('nothing of it is left after a failure, and the password is nowhere', async () => {
    const { outcome, ran, calls, events } = await runContent([STEP], { answer: ending(1) });
    expect(outcome.error).toMatchObject({ exitCode: 1, where: 'setup.exe /name "a b"' });
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

it('an output that cannot be seen is not promised', async () => {
  await expect(runContent([{ ...STEP, outputVariable: 'Output' }])).resolves.toMatchObject({
    outcome: { error: { lines: [expect.stringContaining('outputVariable')] } },
  });
});
