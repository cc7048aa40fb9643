import { MediasmithError } from '../contract/errors.ts';
import type { RunAs } from '../contract/option-fields.ts';
import type { Argv, ExecResult } from '../host/exec.ts';
import type { StepContext } from './context.ts';
import { powershellArgv, powershellInput, powershellProgram } from './powershell.ts';
import { systemProgram } from './system-program.ts';

export type RunAsWish = {
  runAs: RunAs;
  program: string;
  /** The part of the command line behind the program. */
  rest: string;
  /** The folder it is started in. */
  folder: string;
  /** A temporary folder of ours that the account must be able to use. */
  granted: string;
  /** How logs and errors show the command line. */
  shown: string;
};

const TASK = 'Mediasmith run as';

/**
 * Runs a program as another account, in the running Windows, and ends with its exit code. Local System may not start a
 * program with a name and a password (Microsoft: "CreateProcessWithLogonW"), the Task Scheduler may: a task is
 * registered for the account, started, waited for and removed. The password goes through standard input. What the program
 * writes is not seen, and the account needs the right to log on as a batch job.
 */
export async function runAsAccount(wish: RunAsWish, context: StepContext): Promise<ExecResult> {
  const { account, password } = wish.runAs;
  if (context.platform.name !== 'windows') {
    throw new MediasmithError('STEP_FAILED', `nothing can run as ${account} here: a boot environment has no accounts`, {
      hint: 'Take runAs away, or let the step run in the full OS (runIn: full-os).',
    });
  }
  if (password === undefined || password === '') {
    throw new MediasmithError('STEP_FAILED', `the account ${account} has no password`, {
      hint: 'Windows lets no account without a password run tasks: give runAs a password.',
    });
  }
  await context.run(grantArgv(systemProgram(context, 'icacls'), wish.granted, qualified(account, context)), {
    successCodes: [0],
  });
  const { program, rest, folder, shown } = wish;
  try {
    return await context.run(taskArgv(powershellProgram(context)), {
      input: powershellInput({ task: TASK, program, arguments: rest, folder, account, password }),
      shown,
    });
  } catch (error) {
    await removeTask(context);
    throw error;
  }
}

/** Lets an account read and change a folder and what is in it. */
export function grantArgv(icacls: string, folder: string, account: string): Argv {
  return [icacls, folder, '/grant', `${account}:(OI)(CI)M`];
}

const HAS_NOT_RUN = 267011;
const RUNNING = 267009;
const START_SECONDS = 60;

/** The task's exit code becomes that of PowerShell. The numbers are SCHED_S_TASK_HAS_NOT_RUN and SCHED_S_TASK_RUNNING. */
export function taskArgv(powershell: string): Argv {
  return powershellArgv(powershell, [
    '$what = @{ Execute = $wish.program; WorkingDirectory = $wish.folder }',
    'if ($wish.arguments) { $what.Argument = $wish.arguments }',
    '$action = New-ScheduledTaskAction @what',
    '$settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -ExecutionTimeLimit ([TimeSpan]::Zero)',
    'Register-ScheduledTask -Force -TaskName $wish.task -Action $action -Settings $settings -User $wish.account -Password $wish.password -RunLevel Highest | Out-Null',
    'Start-ScheduledTask -TaskName $wish.task',
    `$late = (Get-Date).AddSeconds(${START_SECONDS})`,
    'do { Start-Sleep -Milliseconds 500',
    '$state = (Get-ScheduledTask -TaskName $wish.task).State',
    '$code = (Get-ScheduledTaskInfo -TaskName $wish.task).LastTaskResult',
    `if ($code -eq ${HAS_NOT_RUN} -and (Get-Date) -gt $late) { throw 'the task does not start' }`,
    `} while ($state -in 'Running', 'Queued' -or $code -in ${HAS_NOT_RUN}, ${RUNNING})`,
    'Unregister-ScheduledTask -TaskName $wish.task -Confirm:$false',
    'exit [BitConverter]::ToInt32([BitConverter]::GetBytes([uint32]$code), 0)',
  ]);
}

export function endTaskArgv(schtasks: string): Argv {
  return [schtasks, '/end', '/tn', TASK];
}

export function deleteTaskArgv(schtasks: string): Argv {
  return [schtasks, '/delete', '/tn', TASK, '/f'];
}

/** Also after an interruption, when the program still runs. There is nothing to end where it has not been registered. */
async function removeTask(context: StepContext): Promise<void> {
  const schtasks = systemProgram(context, 'schtasks');
  for (const argv of [endTaskArgv(schtasks), deleteTaskArgv(schtasks)]) {
    await context.exec(argv, { successCodes: [0, 1] }).catch(() => undefined);
  }
}

/** icacls does not know `.` as the name of the machine. */
function qualified(account: string, { machine }: StepContext): string {
  const computer = machine.operatingSystem?.computerName ?? '';
  return account.startsWith('.\\') ? `${computer}${computer === '' ? '' : '\\'}${account.slice(2)}` : account;
}
