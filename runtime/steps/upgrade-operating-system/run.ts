import { isMediasmithError, MediasmithError } from '../../contract/errors.ts';
import { parseCommandLine } from '../../host/command-line.ts';
import type { Argv } from '../../host/exec.ts';
import type { VolumeFiles } from '../../platform/platform.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import type { Run, StepContext } from '../context.ts';
import { systemDrive } from '../drive.ts';
import { windowsDrive } from '../drive-letter.ts';
import { hideSecret } from '../hide-secret.ts';
import { setupArgv } from '../upgrade/command-line.ts';
import { explainExtendCode } from '../upgrade/extend-code.ts';
import { readSetupLogs } from '../upgrade/logs.ts';
import { prepareUpgrade, sourceOf } from '../upgrade/prepare.ts';
import { SCAN_FOUND_NOTHING, SETUP_PLATFORM, setupResult } from '../upgrade/result-codes.ts';
import { versionOf, wasUpgraded } from '../upgrade/verdict.ts';

type Options = StepOptions<'upgrade-operating-system'>;

const RETURN_CODE = '_SMSTSOSUpgradeActionReturnCode';
const ROLLBACK = '_SMSTSSetupRollback';
/** Set while Setup is between its first restart and its end: the version of Windows that it has begun from. */
export const UPGRADING = '_SMSTSOSUpgradeFromVersion';
/** Setup's own codes for success. */
const SUCCESS = [0, 3, 3010];
/** Its first build. */
const WINDOWS_11 = 22000;

/**
 * The step runs twice. First it starts Setup, which ends before its first restart, and asks the engine for that restart
 * and to be run again after it, as ConfigMgr's `SMSTSRetryRequested` does. Setup then restarts the machine as often as it
 * needs. Its script setupcomplete.cmd or setuprollback.cmd leaves a mark and starts `mediasmith.exe resume`, and the step
 * that is run again judges: `_SMSTSSetupRollback` becomes false or true, and a rollback is a failure of this step. So
 * nothing that is meant for the new Windows is done to the old one; a sequence with a group for rollbacks sets
 * `continueOnError`, as those of ConfigMgr do.
 *
 * `_SMSTSOSUpgradeActionReturnCode` is Setup's exit code, unsigned and decimal; 0 for every success of an upgrade; after a
 * rollback what the logs name, else 0xC1900101. A scan that finds nothing leaves 3247440400.
 */
export const runUpgradeOperatingSystem: Run<Options> = async (options, context) => {
  hideSecret(context.variables, options.productKey);
  const drive = windowsDrive(context);
  await using volume = await context.platform.mount(systemDrive(context), 'write');
  const before = context.variables.get(UPGRADING);
  if (before !== undefined) await judge(before, volume.files, drive, context);
  else await upgrade(options, volume.files, drive, context);
};

async function upgrade(options: Options, files: VolumeFiles, drive: string, context: StepContext): Promise<void> {
  const { variables } = context;
  for (const name of [RETURN_CODE, ROLLBACK]) variables.set(name, '');
  const { setup, build } = await sourceOf(options, context);
  const prepared = options.scanOnly ? undefined : await prepareUpgrade(options, files, drive, context);
  const argv = setupArgv({
    setup,
    scanOnly: options.scanOnly,
    ignoreWarnings: options.ignoreMessages,
    dynamicUpdate: options.dynamicUpdate,
    imageIndex: options.editionIndex,
    productKey: options.productKey,
    acceptEula: build !== undefined && build >= WINDOWS_11,
    additional: parseCommandLine(`setup ${options.additionalOptions ?? ''}`)?.slice(1) ?? [],
    driverFolder: options.driverFolder,
    ...prepared,
  });
  const code = await runSetup(argv, context);
  const ok = SUCCESS.includes(code);
  const good = options.scanOnly ? SCAN_FOUND_NOTHING : 0;
  variables.set(RETURN_CODE, String(ok ? good : code));
  if (options.scanOnly ? !ok && code !== SCAN_FOUND_NOTHING : !ok) throw await failed(code, files, drive, context);
  if (options.scanOnly) return context.log('info', `Windows Setup: ${setupResult(SCAN_FOUND_NOTHING).meaning}`);
  variables.set(UPGRADING, versionOf(context));
  variables.set('SMSTSRebootRequested', 'HD');
  variables.set('SMSTSRetryRequested', 'true');
  context.log('info', 'Windows Setup goes on after the restart');
}

/** The exit code without a sign. */
async function runSetup(argv: Argv, { exec, variables, signal, log }: StepContext): Promise<number> {
  try {
    const { exitCode } = await exec(argv, {
      secrets: variables.secrets(),
      signal,
      onLine: (line) => log('info', line),
    });
    return exitCode >>> 0;
  } catch (error) {
    if (!isMediasmithError(error)) throw error;
    if (error.exitCode !== undefined) return error.exitCode >>> 0;
    if (error.code !== 'TOOL_MISSING') throw error;
    throw new MediasmithError('TOOL_MISSING', 'Windows Setup cannot be started', {
      where: argv[0],
      hint: 'The upgrade package must be a whole Windows ISO; a folder must be reachable by the Local System account.',
      cause: error,
    });
  }
}

async function failed(code: number, files: VolumeFiles, drive: string, context: StepContext): Promise<MediasmithError> {
  const { shown, name, meaning, hint } = setupResult(code);
  context.log('error', `Windows Setup ended with ${shown}`);
  const { place, lines, failure } = await readSetupLogs(files, drive);
  // A log may be left from an earlier try.
  const where = failure?.result === code ? `; it failed ${explainExtendCode(failure.extend)}` : '';
  return new MediasmithError('TOOL_FAILED', `Windows Setup ended with ${shown} (${name}): ${meaning}${where}`, {
    where: place,
    lines,
    exitCode: code,
    ...(hint !== undefined && { hint }),
  });
}

async function judge(before: string, files: VolumeFiles, drive: string, context: StepContext): Promise<void> {
  const { variables } = context;
  const upgraded = await wasUpgraded(files, before, context);
  variables.set(UPGRADING, '');
  variables.set(ROLLBACK, String(!upgraded));
  if (upgraded) {
    variables.set(RETURN_CODE, '0');
    return context.log('info', `Windows is upgraded: ${before} is now ${versionOf(context)}`);
  }
  const { place, lines, failure } = await readSetupLogs(files, drive);
  const { code, shown, meaning, hint } = setupResult(failure?.result ?? SETUP_PLATFORM);
  variables.set(RETURN_CODE, String(code));
  const extend = failure === undefined ? '' : ` - 0x${failure.extend.toString(16).toUpperCase()}`;
  const where = failure === undefined ? '' : ` ${explainExtendCode(failure.extend)}`;
  throw new MediasmithError(
    'STEP_FAILED',
    `Windows Setup has rolled the upgrade back: ${shown}${extend}, ${meaning}${where}`,
    { where: place, lines, exitCode: code, ...(hint !== undefined && { hint }) },
  );
}
