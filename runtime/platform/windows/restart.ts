import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join, win32 as windowsPath } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import type { Argv } from '../../host/exec.ts';
import type { Restart } from '../platform.ts';
import { RESUME_PROGRAM } from '../setup-complete.ts';
import { STATE_FOLDER } from '../state-folder.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { exists } from '../winpe/exists.ts';
import type { WinpeHost } from '../winpe/host.ts';
import { LOCAL_BOOT_FILES, removeLocalBootArgvs, startLocalBootArgvs } from '../winpe/local-boot.ts';
import { runTool } from '../winpe/run-tool.ts';
import { createTaskArgv, deleteTaskArgv, RESUME_TASK, resumeTaskFile } from './resume-task.ts';

/** Where the boot environment is on a medium whose boot environment is WinPE, and where it is staged. */
const BOOT_FILES = [
  { medium: 'sources/boot.wim', local: LOCAL_BOOT_FILES.image },
  { medium: 'boot/boot.sdi', local: LOCAL_BOOT_FILES.sdi },
] as const;

export type Windows = {
  host: WinpeHost;
  /** The letter of the running Windows. */
  letter: string;
  /** This program. */
  program: string;
};

/**
 * Has the sequence go on after the next start. A copy of this program goes on when Windows starts, also after a visit to
 * the boot environment; into that, the machine starts once from what is staged on the disk.
 */
export async function arrangeRestart(
  windows: Windows,
  { into, medium }: Pick<Restart, 'into' | 'medium'>,
): Promise<void> {
  await registerResume(windows);
  if (into === 'winpe') await stageBootEnvironment(windows, medium);
}

async function registerResume({ host, letter, program }: Windows): Promise<void> {
  const copy = join(host.drive(letter), RESUME_PROGRAM);
  if (program.toLowerCase() !== copy.toLowerCase()) await copyWhole(program, copy);
  await using folder = await makeTemporaryFolder();
  const command = {
    program: windowsPath.join(`${letter}:\\`, RESUME_PROGRAM),
    arguments: 'resume',
  };
  const file = await folder.write('resume.xml', resumeTaskFile(command));
  const failure = `the task "${RESUME_TASK}" could not be registered`;
  await runTool(host.exec, { tool: 'schtasks', argv: createTaskArgv(host.systemRoot, file), failure });
}

async function stageBootEnvironment({ host, letter }: Windows, medium: Restart['medium']): Promise<void> {
  const files = BOOT_FILES.map((file) => ({ ...file, from: join(medium.root, file.medium) }));
  for (const { from } of files) {
    if (await exists(from)) continue;
    throw new MediasmithError('BOOT_FILES_MISSING', 'this medium has no WinPE that Windows could restart into', {
      where: from,
      hint: 'Build the medium with boot environment "winpe", or let the sequence begin there.',
    });
  }
  for (const { from, local } of files) await copyWhole(from, join(host.drive(letter), local.replaceAll('\\', '/')));
  await forget(host, removeLocalBootArgvs(host.systemRoot));
  const firmware = host.win32.firmwareType() ?? 'bios';
  for (const argv of startLocalBootArgvs(host.systemRoot, { drive: `${letter}:`, firmware })) {
    await runTool(host.exec, { tool: 'bcdedit', argv, failure: 'the restart into WinPE could not be set up' });
  }
}

/** Takes back everything that {@link arrangeRestart} may have left outside the folder of the state. */
export async function removeRestart(host: WinpeHost, letter: string): Promise<void> {
  const folder = join(host.drive(letter), STATE_FOLDER);
  const staged = await exists(join(folder, 'boot'));
  await forget(host, [
    ...((await exists(join(folder, 'bin'))) ? [deleteTaskArgv(host.systemRoot)] : []),
    ...(staged ? removeLocalBootArgvs(host.systemRoot) : []),
  ]);
}

/** Takes out what may not be there: a failure is no news. */
async function forget({ exec }: WinpeHost, argvs: readonly Argv[]): Promise<void> {
  for (const argv of argvs) await exec(argv).catch(() => undefined);
}

/** Under its name only when it is whole. */
async function copyWhole(from: string, to: string): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, `${to}.new`);
    await rm(to, { force: true });
    await rename(`${to}.new`, to);
  } catch (cause) {
    await rm(`${to}.new`, { force: true }).catch(() => undefined);
    throw new MediasmithError('FILE_SYSTEM', `${from} could not be copied`, {
      where: to,
      hint: 'See that the drive of Windows has room, and that nothing else uses the file.',
      cause,
    });
  }
}
