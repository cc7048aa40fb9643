import { parseCommandLine } from '../../host/command-line.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import type { Run } from '../context.ts';
import { hideSecret } from '../hide-secret.ts';
import { loadStateArgv } from '../usmt/command-lines.ts';
import { keyFileFor } from '../usmt/key-file.ts';
import { extractUsmt, rulesOf } from '../usmt/package.ts';
import { runUsmt, usmtLogs } from '../usmt/run-usmt.ts';
import { storeOf } from '../usmt/store.ts';

export const runRestoreUserState: Run<StepOptions<'restore-user-state'>> = async (options, context) => {
  hideSecret(context.variables, options.localAccountPassword);
  const store = await storeOf(options.storePath, context);
  const { program, folder } = await extractUsmt(options.package, 'loadstate', context);
  const continueOnErrors = options.continueOnRestore;
  const argv = loadStateArgv({
    program,
    store,
    ...rulesOf(options, folder),
    keyFile: await keyFileFor(options.encryptionKey, context),
    hardlink: options.hardlink,
    continueOnErrors,
    verbose: options.verboseLogging,
    ...usmtLogs('loadstate', context),
    additional: parseCommandLine(`loadstate ${options.additionalOptions ?? ''}`)?.slice(1) ?? [],
    localAccounts: options.localAccounts,
    localAccountPassword: options.localAccountPassword,
  });
  context.log('info', `user state comes from ${store}`);
  await runUsmt({ tool: 'loadstate', argv, continueOnErrors, folder, title: 'Restoring user state' }, context);
};
