import { join } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import type { Argv } from '../../host/exec.ts';
import { exists } from '../../host/exists.ts';
import type { Medium, Restart } from '../platform.ts';
import { STATE_FOLDER } from '../state-folder.ts';
import type { WinpeHost } from '../winpe/host.ts';
import { LOCAL_BOOT_FILES, removeLocalBootArgvs, startLocalBootArgvs } from '../winpe/local-boot.ts';
import { runTool } from '../winpe/run-tool.ts';
import { copyWhole } from './copy-whole.ts';
import { bootFile, rememberMedium } from './medium.ts';
import { registerResume } from './register-resume.ts';
import { deleteTaskArgv } from './resume-task.ts';
import { type FileOfMedium, refuseLinux, removeStaged, stageLinux } from './stage-linux.ts';

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
  /** A file of a medium on a web server, fetched. */
  fetch: (medium: Medium, path: string) => Promise<string>;
};

/** Whether a restart from here into `into` can be arranged on this machine, as far as that can be told before. */
export async function refuseRestart({ host, letter }: Windows, { into, medium }: Pick<Restart, 'into' | 'medium'>) {
  if (into === 'winpe' && medium.manifest.bootEnvironment === 'linux') await refuseLinux(host, letter, medium);
}

/**
 * Has the sequence go on after the next start. A copy of this program goes on when Windows starts, also after a visit to
 * the boot environment; into that, the machine starts once from what is staged on the disk.
 */
export async function arrangeRestart(
  windows: Windows,
  { into, medium }: Pick<Restart, 'into' | 'medium'>,
): Promise<void> {
  await registerResume(windows.host, windows.letter, windows.program);
  await rememberMedium(windows.host, windows.letter, medium);
  if (into !== 'winpe') return;
  const { host, letter, fetch } = windows;
  const file: FileOfMedium = (path) =>
    medium.address === undefined ? bootFile(host, medium, path) : fetch(medium, path);
  if (medium.manifest.bootEnvironment === 'linux') await stageLinux(host, letter, medium, file);
  else await stageWinpe(host, letter, medium, file);
}

async function stageWinpe(host: WinpeHost, letter: string, medium: Medium, file: FileOfMedium): Promise<void> {
  const files: { from: string; local: string; medium: string }[] = [];
  for (const boot of BOOT_FILES) files.push({ ...boot, from: await file(boot.medium) });
  for (const { from } of files) {
    if (await exists(from)) continue;
    throw new MediasmithError('BOOT_FILES_MISSING', 'this medium has no WinPE that Windows could restart into', {
      where: from,
      hint: 'Build the medium with boot environment "winpe", or let the sequence begin there.',
    });
  }
  for (const { from, local, medium: path } of files) {
    // The machine has not started from these, so that nobody has verified them.
    const listed = medium.manifest.files.find((file) => file.path === path);
    await copyWhole(from, join(host.drive(letter), local.replaceAll('\\', '/')), listed?.sha256);
  }
  await forget(host, removeLocalBootArgvs(host.systemRoot));
  const firmware = host.win32.firmwareType() ?? 'bios';
  for (const argv of startLocalBootArgvs(host.systemRoot, { drive: `${letter}:`, firmware })) {
    await runTool(host.exec, { tool: 'bcdedit', argv, failure: 'the restart into WinPE could not be set up' });
  }
}

/** Takes back everything that {@link arrangeRestart} may have left outside the folder of the state. */
export async function removeRestart(host: WinpeHost, letter: string): Promise<void> {
  const folder = join(host.drive(letter), STATE_FOLDER);
  const staged = await exists(join(folder, 'boot', 'boot.wim'));
  await removeStaged(host, letter);
  await forget(host, [
    ...((await exists(join(folder, 'bin'))) ? [deleteTaskArgv(host.systemRoot)] : []),
    ...(staged ? removeLocalBootArgvs(host.systemRoot) : []),
  ]);
}

/** Takes out what may not be there: a failure is no news. */
async function forget({ exec }: WinpeHost, argvs: readonly Argv[]): Promise<void> {
  for (const argv of argvs) await exec(argv).catch(() => undefined);
}
