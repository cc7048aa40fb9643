import type { Argv } from '../../host/exec.ts';
import { systemProgram } from '../winpe/command-lines.ts';

/** In the scheduler's root: it takes folders away from nobody who has made one. */
export const RESUME_TASK = 'Mediasmith resume';

/** What the task starts. */
export type ResumeCommand = { program: string; arguments: string };

/**
 * The task that goes on with a sequence when Windows starts. A task and not a service: a service must answer Windows'
 * service manager within seconds, which a program of another kind cannot, while a task may be any program. By XML and not
 * by options of schtasks, because those leave its defaults: not on battery, ended after three days, at low priority.
 */
export function resumeTaskXml({ program, arguments: words }: ResumeCommand): string {
  const lines = [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    '  <RegistrationInfo>',
    '    <Description>Goes on with the task sequence that has restarted this computer.</Description>',
    '  </RegistrationInfo>',
    '  <Triggers>',
    '    <BootTrigger />',
    '  </Triggers>',
    '  <Principals>',
    '    <Principal id="System">',
    // LocalSystem, by its identifier: its name is another in other languages.
    '      <UserId>S-1-5-18</UserId>',
    '      <RunLevel>HighestAvailable</RunLevel>',
    '    </Principal>',
    '  </Principals>',
    '  <Settings>',
    '    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    '    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>',
    '    <Priority>5</Priority>',
    '  </Settings>',
    '  <Actions Context="System">',
    '    <Exec>',
    `      <Command>${escaped(program)}</Command>`,
    `      <Arguments>${escaped(words)}</Arguments>`,
    '    </Exec>',
    '  </Actions>',
    '</Task>',
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

/** The bytes of the file that schtasks reads: UTF-16 with its mark. */
export function resumeTaskFile(command: ResumeCommand): Buffer {
  return Buffer.from(`\ufeff${resumeTaskXml(command)}`, 'utf16le');
}

/** Replaces a task of this name. */
export function createTaskArgv(systemRoot: string, xmlFile: string): Argv {
  return [systemProgram(systemRoot, 'schtasks'), '/Create', '/TN', RESUME_TASK, '/XML', xmlFile, '/F'];
}

/** Ends with 0 where there is a task of this name. */
export function queryTaskArgv(systemRoot: string): Argv {
  return [systemProgram(systemRoot, 'schtasks'), '/Query', '/TN', RESUME_TASK];
}

/** Starts the task now. One that is running stays as it is. */
export function runTaskArgv(systemRoot: string): Argv {
  return [systemProgram(systemRoot, 'schtasks'), '/Run', '/TN', RESUME_TASK];
}

export function deleteTaskArgv(systemRoot: string): Argv {
  return [systemProgram(systemRoot, 'schtasks'), '/Delete', '/TN', RESUME_TASK, '/F'];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
