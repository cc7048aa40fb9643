import { win32 } from 'node:path';
import { MediasmithError } from '../contract/errors.ts';
import type { RunAs } from '../contract/option-fields.ts';
import type { Argv, ExecResult } from '../host/exec.ts';
import { batchArguments, batchFile } from './batch-file.ts';
import type { StepContext } from './context.ts';
import { joinPath } from './join-path.ts';
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
  /** Called for each line of output. */
  onLine: (line: string) => void;
};

const TASK = 'Mediasmith run as';

/**
 * Runs a program as another account, in the running Windows, and ends with its exit code. Local System may not start a
 * program with a name and a password (Microsoft: "CreateProcessWithLogonW"), the Task Scheduler may: a task is
 * registered for the account, started, waited for and removed. The account needs the right to log on as a batch job. The
 * password goes through standard input, and into no file. The Task Scheduler hands on no output: the task runs a batch
 * file of the granted folder, which puts it into a file beside it, in the order in which it is written, and that is
 * followed. Besides us that account alone can change the two, and it would change what runs as itself. They go with the
 * step's temporary folder.
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
  const text = batchFile(wish);
  await context.run(grantArgv(systemProgram(context, 'icacls'), wish.granted, qualified(account, context)), {
    successCodes: [0],
  });
  const { granted, shown, onLine } = wish;
  // A name that no other command line has.
  const name = win32.basename(granted);
  const batch = await (await context.temporaryFolder()).write(`${name}.cmd`, text);
  const output = joinPath(granted, `${name}.txt`);
  try {
    return await context.run(taskArgv(powershellProgram(context)), {
      input: powershellInput({
        task: TASK,
        program: systemProgram(context, 'cmd'),
        arguments: batchArguments(batch, output),
        folder: granted,
        output,
        account,
        password,
      }),
      shown,
      onLine,
    });
  } catch (error) {
    await removeTask(win32.basename(batch), context);
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

/** More than a program has to say; the file takes room on the disk. */
const MOST_OUTPUT = '1GB';

/**
 * The task's exit code becomes that of PowerShell, and its output PowerShell's, byte for byte. The file of the output is
 * opened before the task begins and held: nobody can put another in its place. The numbers are SCHED_S_TASK_HAS_NOT_RUN
 * and SCHED_S_TASK_RUNNING.
 */
export function taskArgv(powershell: string): Argv {
  return powershellArgv(powershell, [
    "$output = [IO.File]::Open($wish.output, 'OpenOrCreate', 'Read', 'ReadWrite')",
    '$shown = [Console]::OpenStandardOutput()',
    '$action = New-ScheduledTaskAction -Execute $wish.program -Argument $wish.arguments -WorkingDirectory $wish.folder',
    '$settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -ExecutionTimeLimit ([TimeSpan]::Zero)',
    'Register-ScheduledTask -Force -TaskName $wish.task -Action $action -Settings $settings -User $wish.account -Password $wish.password -RunLevel Highest | Out-Null',
    'Start-ScheduledTask -TaskName $wish.task',
    `$late = (Get-Date).AddSeconds(${START_SECONDS})`,
    'do { Start-Sleep -Milliseconds 500',
    '$output.CopyTo($shown); $shown.Flush()',
    `if ($output.Position -gt ${MOST_OUTPUT}) { throw 'it has written more than 1 GB of output' }`,
    '$state = (Get-ScheduledTask -TaskName $wish.task).State',
    '$code = (Get-ScheduledTaskInfo -TaskName $wish.task).LastTaskResult',
    `if ($code -eq ${HAS_NOT_RUN} -and (Get-Date) -gt $late) { throw 'the task does not start' }`,
    `} while ($state -in 'Running', 'Queued' -or $code -in ${HAS_NOT_RUN}, ${RUNNING})`,
    '$output.CopyTo($shown); $shown.Flush(); $output.Close()',
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

/** Ends what runs the batch file, and all that it has started: the end of a task is not that of its programs. */
export function endProgramsArgv(powershell: string): Argv {
  const ours = "$_.Name -eq 'cmd.exe' -and $_.CommandLine -and $_.CommandLine.Contains($wish.batch)";
  const end = '& $wish.taskkill /f /t /pid $_.ProcessId';
  return powershellArgv(powershell, [
    `Get-CimInstance Win32_Process | Where-Object { ${ours} } | ForEach-Object { ${end} }`,
  ]);
}

const END_SECONDS = 60;

/** Also after an interruption, when the program still runs. There is nothing to end where it has not been registered. */
async function removeTask(batch: string, context: StepContext): Promise<void> {
  const input = powershellInput({ batch, taskkill: systemProgram(context, 'taskkill') });
  const end = { input, timeoutSeconds: END_SECONDS };
  await context.exec(endProgramsArgv(powershellProgram(context)), end).catch(() => undefined);
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
