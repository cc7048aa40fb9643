import type { StepOptions } from '../../sequence/schema.ts';
import { encryptArgv } from '../bitlocker/command-lines.ts';
import { hasTpm, manageBde, readEncryption, runManageBde } from '../bitlocker/manage-bde.ts';
import type { Run } from '../context.ts';
import { driveOf } from '../drive-letter.ts';
import { volumeNamed } from '../target.ts';

/**
 * The volume gets a clear key: it is encrypted from the beginning, which costs nothing while it is empty, and whoever has
 * the disk can read it until Enable BitLocker adds protectors. A volume that is encrypted already stays so.
 */
export const runPreProvisionBitlocker: Run<StepOptions<'pre-provision-bitlocker'>> = async (options, context) => {
  if (!hasTpm(options.skipWithoutTpm, context)) return;
  const volume = volumeNamed(context, options.volume);
  const drive = driveOf(volume.device);
  if (((await readEncryption(drive, context)) ?? 0) > 0)
    return context.log('info', `${volume.name} (${drive}) is encrypted already`);
  const wish = { method: options.encryptionMethod, fullDisk: options.encryptFullDisk, skipHardwareTest: false };
  await runManageBde(encryptArgv(manageBde(context), drive, wish), `${volume.name} could not be encrypted`, context);
  context.log('info', `${volume.name} (${drive}) is encrypted with a clear key`);
};
