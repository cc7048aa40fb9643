import { join } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import type { Argv } from '../../host/exec.ts';
import type { Restart } from '../platform.ts';
import { STATE_FOLDER } from '../state-folder.ts';
import { exists } from '../winpe/exists.ts';
import type { WinpeHost } from '../winpe/host.ts';
import { LOCAL_BOOT_FILES, removeLocalBootArgvs, startLocalBootArgvs } from '../winpe/local-boot.ts';
import { runTool } from '../winpe/run-tool.ts';
import { copyWhole } from './copy-whole.ts';
import { bootFile, rememberMedium } from './medium.ts';
import { registerResume } from './register-resume.ts';
import { deleteTaskArgv } from './resume-task.ts';

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
  await registerResume(windows.host, windows.letter, windows.program);
  await rememberMedium(windows.host, windows.letter, medium.root);
  if (into === 'winpe') await stageBootEnvironment(windows, medium);
}

async function stageBootEnvironment({ host, letter }: Windows, medium: Restart['medium']): Promise<void> {
  const files = await Promise.all(
    BOOT_FILES.map(async (file) => ({ ...file, from: await bootFile(host, medium, file.medium) })),
  );
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
