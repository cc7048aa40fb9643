import { prepareLinuxBootEnvironment } from '../../builder/boot/linux/prepare.ts';
import { cacheFolder } from '../../builder/cache-folder.ts';
import { exec } from '../../runtime/host/exec.ts';

/**
 * Makes what nearly every test needs before the first of them: two that begin together with an empty cache would both
 * fetch the same packages into the same folder. Where that cannot be done, the tests that need it say why.
 */
export async function setup(): Promise<void> {
  await prepareLinuxBootEnvironment({ cacheFolder: cacheFolder(), exec, emit: () => undefined }).catch(() => undefined);
}
