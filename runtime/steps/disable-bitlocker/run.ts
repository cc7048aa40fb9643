import type { StepOptions } from '../../sequence/schema.ts';
import { suspendArgv } from '../bitlocker/command-lines.ts';
import { manageBde, readEncryption, runManageBde } from '../bitlocker/manage-bde.ts';
import type { Run } from '../context.ts';
import { driveOf, windowsDrive } from '../drive-letter.ts';

/**
 * A drive that is not encrypted has nothing to suspend: that is no failure. Restarts are counted for the drive of Windows
 * alone; another one stays suspended until it is enabled again.
 */
export const runDisableBitlocker: Run<StepOptions<'disable-bitlocker'>> = async (options, context) => {
  const own = windowsDrive(context);
  const drive = options.drive === undefined ? own : driveOf(options.drive);
  if ((await readEncryption(drive, context)) === 0)
    return context.log('info', `${drive} is not encrypted: there is nothing to suspend`);
  const restarts = drive === own ? options.restartCount : undefined;
  if (restarts === undefined && options.restartCount > 0)
    context.log('warning', `${drive} is not the drive of Windows: it stays suspended until it is enabled again`);
  const argv = suspendArgv(manageBde(context), drive, restarts);
  await runManageBde(argv, `the protection of ${drive} could not be suspended`, context);
  const until = restarts === undefined || restarts === 0 ? 'it is enabled again' : `${restarts} restart(s) from now`;
  context.log('info', `the protection of ${drive} is suspended until ${until}`);
};
