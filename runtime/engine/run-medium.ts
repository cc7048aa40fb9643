import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMediasmithError, MediasmithError } from '../contract/errors.ts';
import type { Emit } from '../contract/events.ts';
import type { Machine } from '../contract/machine.ts';
import type { Manifest, ManifestFile } from '../contract/manifest.ts';
import { Variables } from '../contract/variables.ts';
import type { Exec } from '../host/exec.ts';
import type { Medium, Platform } from '../platform/platform.ts';
import { Sequence } from '../sequence/schema.ts';
import type { Ask } from '../steps/context.ts';
import { machineVariables } from './machine-variables.ts';
import { neededFiles } from './needed-files.ts';
import { progressReporter } from './progress-reporter.ts';
import { redactEvent } from './redact-event.ts';
import { type RunOutcome, runSequence } from './run-sequence.ts';
import { readManifest, verifyFiles } from './verify-medium.ts';

export type MediumRun = {
  platform: Platform;
  exec: Exec;
  ask: Ask;
  /** Where the log of this run is being written. */
  logFile: string;
  emit: Emit;
  signal: AbortSignal;
};

/** The whole of a start from a medium: find it, verify it, look at the machine, choose a sequence, run it. Never throws. */
export async function runMedium(run: MediumRun): Promise<RunOutcome['action']> {
  const variables = new Variables();
  const emit: Emit = (event) => run.emit(redactEvent(event, variables.secrets()));
  let outcome: RunOutcome;
  try {
    outcome = await deploy({ ...run, emit }, variables);
  } catch (error) {
    outcome = { action: 'shell', error };
  }
  const { action, error } = outcome;
  if (error === undefined) emit({ event: 'finished', outcome: 'succeeded', action });
  else emit({ event: 'finished', outcome: 'failed', action, ...describe(error) });
  return action;
}

async function deploy(run: MediumRun, variables: Variables): Promise<RunOutcome> {
  const { platform, exec, emit, signal } = run;
  emit({ event: 'phase', phase: 'medium' });
  await platform.prepare((level, message) => emit({ event: 'log', level, component: 'platform', message }));
  const { mediumId, sequenceId } = await platform.bootOptions();
  const mounted = await platform.findMedium(mediumId, signal);
  emit({ event: 'medium-found', id: mediumId, device: mounted.device });

  emit({ event: 'phase', phase: 'verify' });
  const manifest = await readManifest(mounted.root);
  const medium: Medium = { ...mounted, manifest };
  await verify(run, medium, platform.filesToVerify(manifest.files));

  emit({ event: 'phase', phase: 'inventory' });
  const machine = await platform.inventory(medium);
  logMachine(machine, emit);

  emit({ event: 'phase', phase: 'choose' });
  const ask = manifest.unattended ? undefined : run.ask;
  const sequence = await loadChosen(medium, await chooseSequence(manifest, sequenceId, ask));

  const more = platform.filesToVerify(manifest.files, neededFiles(sequence, manifest));
  if (more.length > 0) {
    emit({ event: 'phase', phase: 'verify' });
    await verify(run, medium, more);
  }

  emit({ event: 'phase', phase: 'sequence' });
  for (const [name, value] of machineVariables(machine, sequence, medium)) variables.set(name, value);
  return runSequence(sequence, { platform, exec, machine, medium, variables, ask, logFile: run.logFile, emit, signal });
}

async function verify({ platform, emit, signal }: MediumRun, medium: Medium, files: readonly ManifestFile[]) {
  const onProgress = progressReporter(emit, 'Verifying the medium');
  await verifyFiles((path, stop) => platform.readMediumFile(medium, path, stop), files, { signal, onProgress });
}

/** The only one, the one named on the boot menu, or what the person at the console picks. */
export async function chooseSequence(
  manifest: Manifest,
  named: string | undefined,
  ask: Ask | undefined,
): Promise<Manifest['sequences'][number]> {
  const { sequences } = manifest;
  const names = sequences.map(({ id, name }) => `${name} (${id})`);
  const fail = (message: string): MediasmithError =>
    new MediasmithError('SEQUENCE_INVALID', message, { lines: names, hint: 'Nothing on this machine was changed.' });
  if (named !== undefined) {
    const sequence = sequences.find(({ id }) => id === named);
    if (sequence === undefined) throw fail(`the medium has no sequence "${named}"`);
    return sequence;
  }
  if (sequences.length !== 1 && ask === undefined)
    throw fail('the medium has several sequences, none was named, and nobody is there to ask');
  const sequence =
    sequences[sequences.length === 1 || ask === undefined ? 0 : await ask('Which task sequence shall run?', names)];
  if (sequence === undefined) throw fail('no sequence was chosen');
  return sequence;
}

async function loadChosen(medium: Medium, { file }: Manifest['sequences'][number]): Promise<Sequence> {
  const result = Sequence.safeParse(JSON.parse(await readFile(join(medium.root, file), 'utf8')));
  if (result.success) return result.data;
  throw new MediasmithError('SEQUENCE_INVALID', `${file} is not a sequence this version reads`, {
    cause: result.error,
  });
}

function logMachine(machine: Machine, emit: Emit): void {
  const log = (message: string) => emit({ event: 'log', level: 'info', component: 'inventory', message });
  log(
    `${machine.make} ${machine.model}, serial ${machine.serial || 'none'}, firmware ${machine.firmware}, Secure Boot ${machine.secureBoot ? 'on' : 'off'}`,
  );
  for (const disk of machine.disks) log(`disk ${JSON.stringify(disk)}`);
}

function describe(error: unknown): { code?: string; error: string } {
  const message = error instanceof Error ? error.message : String(error);
  if (isMediasmithError(error))
    return { code: error.code, error: [message, error.where, ...error.lines, error.hint].filter(Boolean).join('\n') };
  return { error: error instanceof Error ? (error.stack ?? message) : message };
}
