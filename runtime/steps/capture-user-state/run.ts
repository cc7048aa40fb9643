import { win32 } from 'node:path';
import { MediasmithError } from '../../contract/errors.ts';
import { parseCommandLine } from '../../host/command-line.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import type { Run, StepContext } from '../context.ts';
import { presentWindows } from '../present-windows.ts';
import { shareOf } from '../share-of.ts';
import { type OfflineWindows, offlineXml, scanStateArgv } from '../usmt/command-lines.ts';
import { keyFileFor } from '../usmt/key-file.ts';
import { extractUsmt, rulesOf } from '../usmt/package.ts';
import { runUsmt, usmtLogs } from '../usmt/run-usmt.ts';
import { storeOf } from '../usmt/store.ts';

type Options = StepOptions<'capture-user-state'>;

export const runCaptureUserState: Run<Options> = async (options, context) => {
  const store = await storeOf(options.storePath, context);
  if (options.hardlink && shareOf(store) !== undefined) {
    throw new MediasmithError('STEP_FAILED', 'a store of links lies on the volume of the files and on no share', {
      where: store,
      hint: 'Leave out hardlink, or the path of the store.',
    });
  }
  const offline = await offlineWindows(options, store, context);
  const { program, folder } = await extractUsmt(options.package, 'scanstate', context);
  const argv = scanStateArgv({
    program,
    store,
    ...rulesOf(options, folder),
    keyFile: await keyFileFor(options.encryptionKey, context),
    hardlink: options.hardlink,
    continueOnErrors: options.continueOnLockedFiles,
    verbose: options.verboseLogging,
    ...usmtLogs('scanstate', context),
    additional: parseCommandLine(`scanstate ${options.additionalOptions ?? ''}`)?.slice(1) ?? [],
    efs: options.efs ?? (options.hardlink ? 'hardlink' : 'copyraw'),
    shadowCopy: options.vss,
    offline,
  });
  context.log('info', `user state goes to ${store}`);
  const continueOnErrors = options.continueOnLockedFiles;
  await runUsmt({ tool: 'scanstate', argv, continueOnErrors, folder, title: 'Capturing user state' }, context);
  // LoadState must be told the same.
  context.variables.set('_OSDMigrateUseHardlinks', String(options.hardlink));
  if (shareOf(store) === undefined) context.variables.set('_SMSTSUserStatePath', store);
};

/** WinPE has no users: there it is always another Windows whose state is captured. In Windows only Windows.old can be. */
async function offlineWindows(
  options: Options,
  store: string,
  context: StepContext,
): Promise<OfflineWindows | undefined> {
  const inWinpe = context.platform.name === 'winpe';
  if (inWinpe && !options.offline) {
    throw new MediasmithError('STEP_FAILED', 'WinPE has no user state to capture', { hint: 'Set offline: true.' });
  }
  if (!options.offline) return undefined;
  const folder = options.offlineWindowsFolder ?? (await detectedWindows(context));
  if (options.hardlink && store.slice(0, 2).toUpperCase() !== folder.slice(0, 2).toUpperCase()) {
    throw new MediasmithError('STEP_FAILED', `links from ${store} to ${folder} cross drives`, {
      hint: 'Put the store on the drive of that Windows, or leave out hardlink.',
    });
  }
  if (!inWinpe) return { old: folder };
  return { xml: await (await context.temporaryFolder()).write('offline.xml', offlineXml(folder)) };
}

async function detectedWindows(context: StepContext): Promise<string> {
  const detected = context.variables.get('_OSDDetectedWinDir');
  return detected ?? win32.join((await presentWindows(context)).windows.device, 'Windows');
}
