import type { ShareConnection } from '../../platform/place-to-write.ts';
import type { Run } from '../context.ts';
import { hideSecret } from '../hide-secret.ts';

/** The connection lasts until the next restart, and belongs to the account the sequence runs as. */
export const runConnectNetworkFolder: Run<ShareConnection> = async (options, context) => {
  const { path, driveLetter, account, password } = options;
  hideSecret(context.variables, password);
  context.log('info', `connecting to ${path}`);
  await context.platform.connectShare({ path, driveLetter, account, password });
};
