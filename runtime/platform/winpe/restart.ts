import { join } from 'node:path';
import { exists } from '../../host/exists.ts';
import type { Restart } from '../platform.ts';
import { startTheSameNext } from '../win32/boot-next.ts';
import { tryTo, type WinpeHost } from './host.ts';
import { LOCAL_BOOT_FILES, startLocalBootAgainArgv } from './local-boot.ts';
import { runTool } from './run-tool.ts';

/**
 * Has the machine come back to this WinPE: what the firmware has started is started once more, and if that was the boot
 * manager of a Windows that has staged this WinPE on its disk, so is that. The disk itself starts nothing yet when a
 * deployment is under way, so firmware that does not listen, and BIOS, come to the medium all the same, unless it was
 * taken out. Into Windows nothing is needed: its boot files come first.
 */
export async function arrangeRestart(host: WinpeHost, { into }: Pick<Restart, 'into'>): Promise<void> {
  if (into !== 'winpe') return;
  const { win32, exec, systemRoot, log } = host;
  if (win32.firmwareType() === 'uefi' && !startTheSameNext(win32)) {
    log('warning', 'the firmware does not take what to start next');
  }
  if (!(await isStaged(host))) return;
  const failure = 'the boot environment on the disk cannot be started again';
  await tryTo(host, () => runTool(exec, { tool: 'bcdedit', argv: startLocalBootAgainArgv(systemRoot), failure }));
}

async function isStaged(host: WinpeHost): Promise<boolean> {
  return (await stagedDrives(host)).length > 0;
}

/** The drives, by their letters, onto which a Windows has put this boot environment. */
export async function stagedDrives({ win32, drive }: Pick<WinpeHost, 'win32' | 'drive'>): Promise<string[]> {
  const staged: string[] = [];
  for (const letter of win32.driveLetters()) {
    if (win32.driveType(letter) !== 'fixed') continue;
    if (await exists(join(drive(letter), LOCAL_BOOT_FILES.image.replaceAll('\\', '/')))) staged.push(letter);
  }
  return staged;
}
