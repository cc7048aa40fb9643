import type { PlatformName } from '../../../contract/step.ts';
import type { Argv } from '../../../host/exec.ts';
import type { Restart } from '../../platform.ts';
import { RESUME_PROGRAM } from '../../setup-complete.ts';
import { GRUB_ENTRANCE, STAGED_FOLDER } from '../../staged-linux.ts';
import { STATE_FOLDER } from '../../state-folder.ts';
import { copyBootManagerArgv, startOnceArgvs } from '../../windows/firmware-entry.ts';
import { protectArgvs } from '../../windows/register-resume.ts';
import { createTaskArgv } from '../../windows/resume-task.ts';
import {
  LOCAL_BOOT_FILES,
  removeLocalBootArgvs,
  startLocalBootAgainArgv,
  startLocalBootArgvs,
} from '../../winpe/local-boot.ts';
import type { SimulatedWorld } from '../world.ts';
import { WINDOWS_DRIVE } from './state.ts';

const SYSTEM_DRIVE = 'S:';
/** Windows draws the identifier of a boot entry. */
const NO_ENTRY = '{00000000-0000-0000-0000-000000000000}';

/** What a platform does to be started again, or to have what it has deployed started, so that the sequence goes on. */
export async function arrangeRestart(
  world: SimulatedWorld,
  { name, systemRoot }: { name: Exclude<PlatformName, 'linux'>; systemRoot: string },
  { into, medium }: Restart,
): Promise<void> {
  const { recorded, recorder, exec, volumes } = world;
  const runAll = async (argvs: readonly Argv[]): Promise<void> => {
    for (const argv of argvs) await exec(argv);
  };
  const windows = volumes.files(`${WINDOWS_DRIVE}\\`);
  if (name !== 'windows') {
    if (into !== 'winpe') return;
    if (recorded.firmware === 'uefi') recorder.write('the firmware: starts the same once more');
    if (await windows.exists(LOCAL_BOOT_FILES.image.slice(1))) await exec(startLocalBootAgainArgv(systemRoot));
    return;
  }
  await runAll(protectArgvs(systemRoot, `${WINDOWS_DRIVE}\\${STATE_FOLDER}`));
  if (!(await windows.exists(RESUME_PROGRAM))) await windows.write(RESUME_PROGRAM, '');
  const task = `${systemRoot}\\Temp\\resume.xml`;
  recorder.write(task);
  await exec(createTaskArgv(systemRoot, task));
  if (into !== 'winpe') return;
  if (medium.manifest.bootEnvironment === 'linux') {
    recorder.write(`${SYSTEM_DRIVE}\\${STAGED_FOLDER.replaceAll('/', '\\')}: the boot environment of the medium`);
    recorder.write(`${SYSTEM_DRIVE}\\${GRUB_ENTRANCE.replaceAll('/', '\\')}`);
    world.staged = 'there';
    await runAll([copyBootManagerArgv(systemRoot), ...startOnceArgvs(systemRoot, NO_ENTRY)]);
    return;
  }
  for (const file of [LOCAL_BOOT_FILES.image, LOCAL_BOOT_FILES.sdi]) await windows.write(file.slice(1), '');
  for (const argv of removeLocalBootArgvs(systemRoot)) await exec(argv).catch(() => undefined);
  await runAll(startLocalBootArgvs(systemRoot, { drive: WINDOWS_DRIVE, firmware: recorded.firmware }));
}
