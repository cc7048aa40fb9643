import { win32 } from 'node:path';
import { isMediasmithError, MediasmithError } from '../../contract/errors.ts';
import type { Argv } from '../../host/exec.ts';
import type { MountedVolume } from '../../platform/platform.ts';
import { judgeExit } from '../../platform/winpe/exit-codes.ts';
import type { StepOptions } from '../../sequence/schema.ts';
import { extractPackage } from '../content.ts';
import type { Run, StepContext } from '../context.ts';
import { systemDrive } from '../drive.ts';
import { eachOf } from '../each-of.ts';
import { joinPath } from '../join-path.ts';
import { systemProgram } from '../system-program.ts';
import { volumeNamed } from '../target.ts';
import { type OfflineWish, offlineArgv, onlineArgv, wusaArgv } from './command-lines.ts';
import { outcomeOf, UPDATE_CODES } from './outcome.ts';

type Options = StepOptions<'install-updates'>;

/** Where a package is unpacked: on the Windows it is for, because WinPE's own drive is in memory. Removed again. */
const FOLDER = '_SMSTaskSequence/Updates';

/**
 * An update that is there already, or is not for this Windows, is no failure. A restart that DISM asks for in WinPE comes
 * with the first start of the Windows that is being deployed.
 */
export const runInstallUpdates: Run<Options> = async (options, context) => {
  const { platform } = context;
  const place = platform.name === 'winpe' ? volumeNamed(context, options.volume) : systemDrive(context);
  await using volume = await platform.mount(place, 'write');
  try {
    for (const name of options.packages) await installPackage(name, options, volume, context);
  } finally {
    await tidyUp(volume, context);
  }
};

/** What a program of Windows still holds does not undo what was installed. It goes with the state of the sequence. */
async function tidyUp({ files }: MountedVolume, { log }: StepContext): Promise<void> {
  await files
    .remove(FOLDER)
    .catch((error: unknown) => log('warning', `${FOLDER} stays: ${error instanceof Error ? error.message : error}`));
}

async function installPackage(
  name: string,
  { continueOnFailure }: Options,
  volume: MountedVolume,
  context: StepContext,
): Promise<void> {
  await volume.files.remove(FOLDER);
  const scratchFolder = await volume.files.makeFolder(`${FOLDER}/scratch`);
  const folder = await volume.files.makeFolder(`${FOLDER}/package`);
  await extractPackage(context, name, folder);
  const updates = updatesIn(await volume.files.list(`${FOLDER}/package`));
  if (updates.length === 0) context.log('warning', `package ${name} has no .msu or .cab file`);
  await eachOf(updates, { continueOnFailure, name: (update) => update }, context, (update) =>
    install(update, argvFor({ image: volume.path, update: joinPath(folder, update), scratchFolder }, context), context),
  );
}

/** In the order of their names, in which digits count as numbers. */
export function updatesIn(names: readonly string[]): string[] {
  const order = new Intl.Collator('en', { numeric: true });
  return names.filter((name) => /\.(msu|cab)$/i.test(name)).sort(order.compare);
}

async function install(update: string, argv: Argv, context: StepContext): Promise<void> {
  context.log('info', `installing ${update}`);
  const { exec, log, signal, variables } = context;
  const exitCode = await exec(argv, {
    signal,
    secrets: variables.secrets(),
    successCodes: UPDATE_CODES,
    onLine: (line) => void (isProgress(line) || log('info', line)),
  }).then(
    (result) => result.exitCode,
    (error) => {
      throw describe(error, update, argv);
    },
  );
  const outcome = outcomeOf(exitCode);
  if (outcome === 'restart' && context.platform.name === 'windows') context.requestRestart();
  log('info', `${update}: ${outcome === 'restart' ? 'installed, after a restart' : outcome}`);
}

/** DISM draws its progress as lines: `[=====   12.3%   ]`. */
function isProgress(line: string): boolean {
  return /^\s*\[[= ]*\d+(\.\d+)?%/.test(line);
}

function describe(error: unknown, update: string, argv: Argv): unknown {
  if (!isMediasmithError(error) || error.exitCode === undefined) return error;
  const { shown, meaning } = judgeExit('dism', error.exitCode);
  const program = win32.basename(argv[0]);
  return new MediasmithError('TOOL_FAILED', `${update}: ${program} ended with ${shown}, ${meaning}`, {
    where: argv.join(' '),
    lines: error.lines,
    exitCode: error.exitCode,
    hint: 'DISM writes dism.log beside the log of the sequence, wusa.exe the event log "Setup".',
    cause: error,
  });
}

function argvFor(wish: Omit<OfflineWish, 'logFile'>, context: StepContext): Argv {
  const { update } = wish;
  const logFile = context.logFile.replace(/[^\\/]+$/, 'dism.log');
  const dism = systemProgram(context, 'dism');
  if (context.platform.name === 'winpe') return offlineArgv(dism, { ...wish, logFile });
  return /\.msu$/i.test(update)
    ? wusaArgv(systemProgram(context, 'wusa'), update)
    : onlineArgv(dism, { update, logFile });
}
