import { MediasmithError } from '../../contract/errors.ts';
import type { Argv } from '../../host/exec.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import type { Run } from '../context.ts';
import { driveVolume } from '../drive.ts';
import { driveOf } from '../drive-letter.ts';
import { shareOf } from '../share-of.ts';
import { systemProgram } from '../system-program.ts';
import { storeOf } from '../usmt/store.ts';

/**
 * Local stores alone can be deleted: whoever may write to a share does not always own what lies beside it. A store of hard
 * links is a folder like any other; the files themselves stay where Windows has them.
 */
export const runReleaseStateStore: Run<StepOptions<'release-state-store'>> = async (options, context) => {
  const store = await storeOf(options.storePath, context);
  const share = shareOf(store);
  if (share !== undefined && options.deleteStore) {
    throw new MediasmithError('STEP_FAILED', 'a state store on a share is not deleted by a sequence', {
      where: store,
      hint: 'Leave out deleteStore, and delete it on the server.',
    });
  }
  if (share !== undefined) {
    const { variables, signal } = context;
    // Not connected any more is what is wanted; a restart may have seen to it.
    const codes = { successCodes: [0, 2], secrets: variables.secrets(), signal };
    await context.exec(disconnectArgv(systemProgram(context, 'net'), share), codes);
    return context.log('info', `disconnected from ${share}`);
  }
  if (!options.deleteStore) return context.log('info', `the user state stays in ${store}`);
  await using volume = await context.platform.mount(driveVolume(driveOf(store).charAt(0), context), 'write');
  const folder = store.slice('C:\\'.length).replaceAll('\\', '/');
  // What USMT keeps lies in a folder of this name: nothing else is ever deleted.
  if (!(await volume.files.exists(`${folder}/USMT`))) return context.log('warning', `${store} holds no state store`);
  await volume.files.remove(folder);
  context.log('info', `${store} is deleted`);
};

export function disconnectArgv(net: string, share: string): Argv {
  return [net, 'use', share, '/delete', '/y'];
}
