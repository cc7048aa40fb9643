import { mkdir } from 'node:fs/promises';
import { join, win32 as windowsPath } from 'node:path';
import type { Argv } from '../../host/exec.ts';
import { windowsRoot } from '../../host/place.ts';
import { RESUME_PROGRAM } from '../setup-complete.ts';
import { STATE_FOLDER } from '../state-folder.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import type { WinpeHost } from '../winpe/host.ts';
import { runTool } from '../winpe/run-tool.ts';
import { deviceOf } from '../winpe/volumes.ts';
import { copyWhole } from './copy-whole.ts';
import { createTaskArgv, queryTaskArgv, RESUME_TASK, resumeTaskFile, runTaskArgv } from './resume-task.ts';

/** By their identifiers: their names are others in other languages. */
const SYSTEM = '*S-1-5-18';
const ADMINISTRATORS = '*S-1-5-32-544';
const TRUSTED = [SYSTEM, ADMINISTRATORS];

export type ResumeHost = Pick<WinpeHost, 'exec' | 'systemRoot' | 'drive'>;

/** Has a copy of `program` go on whenever the Windows on drive `letter` starts. */
export async function registerResume(host: ResumeHost, letter: string, program: string): Promise<void> {
  const copy = join(host.drive(letter), RESUME_PROGRAM);
  await protectFolder(host, letter);
  if (program.toLowerCase() !== copy.toLowerCase()) await copyWhole(program, copy);
  await using folder = await makeTemporaryFolder();
  const command = { program: windowsPath.join(`${letter}:\\`, RESUME_PROGRAM), arguments: 'resume' };
  const file = await folder.write('resume.xml', resumeTaskFile(command));
  const failure = `the task "${RESUME_TASK}" could not be registered`;
  await runTool(host.exec, { tool: 'schtasks', argv: createTaskArgv(host.systemRoot, file), failure });
}

export type TaskStart = Pick<WinpeHost, 'exec'> & Partial<ResumeHost> & { program?: string };

/** Goes on in the task, which is registered where it is not: whoever calls this can end. */
export async function startInTask(start: TaskStart): Promise<void> {
  const { exec, systemRoot = windowsRoot(), drive = deviceOf, program = process.execPath } = start;
  const letter = windowsPath.parse(systemRoot).root.charAt(0).toUpperCase();
  const isThere = await exec(queryTaskArgv(systemRoot)).then(
    () => true,
    () => false,
  );
  if (!isThere) await registerResume({ exec, systemRoot, drive }, letter, program);
  const failure = `the task "${RESUME_TASK}" could not be started`;
  await runTool(exec, { tool: 'schtasks', argv: runTaskArgv(systemRoot), failure });
}

/**
 * The folder of the state holds what SYSTEM will start, and at the root of a drive every user may write: who has made it
 * before us owns it and what is in it, and may have given rights to anybody. Links are not followed.
 */
export function protectArgvs(systemRoot: string, folder: string): Argv[] {
  const icacls = windowsPath.join(systemRoot, 'System32', 'icacls.exe');
  const grants = TRUSTED.flatMap((who) => ['/grant:r', `${who}:(OI)(CI)F`]);
  return [
    [icacls, folder, '/setowner', ADMINISTRATORS, '/T', '/L', '/Q'],
    [icacls, folder, '/reset', '/T', '/L', '/Q'],
    [icacls, folder, '/inheritance:r', ...grants, '/Q'],
  ];
}

async function protectFolder({ exec, systemRoot, drive }: ResumeHost, letter: string): Promise<void> {
  await mkdir(join(drive(letter), STATE_FOLDER), { recursive: true });
  for (const argv of protectArgvs(systemRoot, windowsPath.join(`${letter}:\\`, STATE_FOLDER))) await exec(argv);
}
