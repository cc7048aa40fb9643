import type { VolumeFiles } from '../../platform/platform.ts';
import { isSetupRunning } from '../../platform/windows/setup-phase.ts';
import type { StepContext } from '../context.ts';
import { HOOKS } from './scripts.ts';

const POLL_SECONDS = 15;
/** An hour: the end of a setup that has come so far takes minutes. */
const MOST_POLLS = 240;

/** Setup works in it, and cleans it away some time after an upgrade that has ended well. */
const WORKING_FOLDER = '$WINDOWS.~BT';

/**
 * Whether the Windows that runs is the upgraded one: by the mark that one of the scripts has left. Where neither has run,
 * it is one of another version; one of the same version is taken for rolled back while Setup's working folder is there.
 * A sequence that goes on while Setup is still at work waits for it.
 */
export async function wasUpgraded(files: VolumeFiles, before: string, context: StepContext): Promise<boolean> {
  for (let poll = 0; ; poll++) {
    if (await files.exists(HOOKS.postRollback.mark)) return false;
    if (await files.exists(HOOKS.postOobe.mark)) return true;
    if (poll >= MOST_POLLS || !(await isSetupRunning(context.facts.system)))
      return versionOf(context) !== before || !(await files.exists(WORKING_FOLDER));
    if (poll === 0) context.log('info', 'waiting for the end of Windows Setup');
    await context.wait(POLL_SECONDS);
  }
}

/** The version of the running Windows with its update revision. */
export function versionOf({ machine }: Pick<StepContext, 'machine'>): string {
  const { version = 'unknown', revision = 0 } = machine.operatingSystem ?? {};
  return `${version}.${revision}`;
}
