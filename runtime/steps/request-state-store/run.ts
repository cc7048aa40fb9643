import { MediasmithError } from '../../contract/errors.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { runConnectNetworkFolder } from '../connect-network-folder/run.ts';
import type { Run, StepContext } from '../context.ts';
import { hideSecret } from '../hide-secret.ts';
import { shareOf } from '../share-of.ts';
import { storeOf } from '../usmt/store.ts';

type Options = StepOptions<'request-state-store'>;

/**
 * ConfigMgr asks a state migration point for a place; here the sequence names it. The folder itself is made by ScanState.
 * A share that does not answer is tried again as `retryCount` and `retrySeconds` say, besides what the step's own `retry` says.
 */
export const runRequestStateStore: Run<Options> = async (options, context) => {
  hideSecret(context.variables, options.password);
  const store = await storeOf(options.storePath, context);
  const share = shareOf(store);
  if (share !== undefined) await connect(share, options, context);
  if (options.requestType === 'restore') await mustExist(store, context);
  context.variables.set('OSDStateStorePath', store);
  // What ConfigMgr's Apply Operating System keeps.
  context.variables.set('_SMSTSUserStatePath', share === undefined ? store : '');
  context.log('info', `state store: ${store}`);
};

async function connect(path: string, options: Options, context: StepContext): Promise<void> {
  const { account, password, retryCount = 0, retrySeconds = 10 } = options;
  for (let retry = 0; ; retry++) {
    try {
      return await runConnectNetworkFolder({ path, account, password }, context);
    } catch (error) {
      if (retry >= retryCount || context.signal.aborted) throw error;
      context.log('warning', `${path} cannot be connected to yet: ${error instanceof Error ? error.message : error}`);
      await context.wait(retrySeconds);
    }
  }
}

/** A platform that cannot look there leaves the answer to LoadState. */
async function mustExist(store: string, { facts, log }: StepContext): Promise<void> {
  let found: unknown;
  try {
    found = await facts.system.folder(store);
  } catch (error) {
    return log('warning', `${store} cannot be looked at: ${error instanceof Error ? error.message : error}`);
  }
  if (found !== undefined) return;
  throw new MediasmithError('STEP_FAILED', 'there is no state store to restore from', {
    where: store,
    hint: 'Capture user state first, or correct storePath or OSDStateStorePath.',
  });
}
