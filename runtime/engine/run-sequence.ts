import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMediasmithError, MediasmithError } from '../contract/errors.ts';
import type { Emit } from '../contract/events.ts';
import type { Machine } from '../contract/machine.ts';
import { expandDeep, type Variables } from '../contract/variables.ts';
import type { Exec } from '../host/exec.ts';
import type { Medium, Platform, Progress } from '../platform/platform.ts';
import { evaluateCondition } from '../sequence/condition.ts';
import { definitionOf, type Entry, isGroup, type Sequence, Step, titleOf } from '../sequence/schema.ts';
import type { Ask, RunState, StepContext } from '../steps/context.ts';
import { runners } from '../steps/index.ts';
import { imageNamed } from '../steps/target.ts';
import { numberSteps } from './number-steps.ts';
import { progressReporter } from './progress-reporter.ts';
import { redactEvent } from './redact-event.ts';

export type RunServices = {
  platform: Platform;
  exec: Exec;
  machine: Machine;
  medium: Medium;
  variables: Variables;
  ask: Ask | undefined;
  logFile: string;
  emit: Emit;
  signal: AbortSignal;
};

export type RunOutcome = { action: 'restart' | 'shutdown' | 'shell'; error?: unknown };

type Handover = { title: string; deed: (signal: AbortSignal) => Promise<void> };
type Runner = {
  services: RunServices;
  numbers: Map<Step, number>;
  state: RunState;
  handovers: Handover[];
  sequence: Sequence;
};

/** How a list of entries ended: `restart` stops everything that would follow, `failed` carries the reason upward. */
type End = { kind: 'done' } | { kind: 'restart' } | { kind: 'failed'; error: unknown };

/**
 * Runs a sequence to its end. Errors of steps do not escape: they come back as the outcome. What steps have registered
 * for the handover happens only when all of it has ended well, the last registered first.
 */
export async function runSequence(sequence: Sequence, services: RunServices): Promise<RunOutcome> {
  const emit: Emit = (event) => services.emit(redactEvent(event, services.variables.secrets()));
  const numbers = numberSteps(sequence.steps);
  const runner: Runner = { services: { ...services, emit }, numbers, state: {}, handovers: [], sequence };
  emit({ event: 'sequence-started', id: sequence.id, name: sequence.name, steps: numbers.size });
  const end = await runEntries(sequence.steps, runner);
  if (end.kind === 'failed') return { action: sequence.onFailure, error: end.error };
  try {
    for (const { title, deed } of runner.handovers.toReversed()) {
      services.signal.throwIfAborted();
      emit({ event: 'log', level: 'info', component: 'engine', message: title });
      await deed(services.signal);
    }
  } catch (error) {
    return { action: sequence.onFailure, error };
  }
  return { action: end.kind === 'restart' ? 'restart' : sequence.onSuccess };
}

async function runEntries(entries: readonly Entry[], runner: Runner): Promise<End> {
  for (const entry of entries) {
    if (!entry.enabled) continue;
    const end = await runEntry(entry, runner);
    if (end.kind === 'restart') return end;
    // Whatever a step makes of an interruption: it is not an error to go on after.
    if (end.kind === 'failed' && (!entry.continueOnError || runner.services.signal.aborted)) return end;
  }
  return { kind: 'done' };
}

async function runEntry(entry: Entry, runner: Runner): Promise<End> {
  const { variables } = runner.services;
  if (entry.condition !== undefined) {
    const { holds, why } = evaluateCondition(entry.condition, variables);
    logTo(runner, 'engine')('info', `condition of "${titleOf(entry)}": ${why}`);
    if (!holds) {
      skip(entry, runner);
      return { kind: 'done' };
    }
  }
  return isGroup(entry) ? runEntries(entry.steps, runner) : runStep(entry, runner);
}

async function runStep(step: Step, runner: Runner): Promise<End> {
  const { emit, variables, platform, signal } = runner.services;
  const { traits } = definitionOf(step);
  const about = aboutStep(step, runner);
  const started = performance.now();
  variables.set('_SMSTSCurrentActionName', about.name);
  emit({ event: 'step-started', ...about });
  let error: unknown;
  await using folder = new TemporaryFolder();
  try {
    signal.throwIfAborted();
    if (!traits.runsOn.includes(platform.name)) {
      throw new MediasmithError('STEP_FAILED', `${traits.title} does not run on ${platform.name}`, {
        hint: `It runs on ${traits.runsOn.join(', ')}.`,
      });
    }
    const options = expandOptions(step, variables);
    const run = runners[step.step] as (options: Step, context: StepContext) => Promise<void>;
    await run(
      options,
      contextFor(step, runner, () => folder.path()),
    );
  } catch (caught) {
    error = caught;
    reportFailure(caught, logTo(runner, step.step));
  }
  const ok = error === undefined;
  variables.set('_SMSTSLastActionName', about.name);
  variables.set('_SMSTSLastActionSucceeded', String(ok));
  variables.set('_SMSTSLastActionRetCode', String(returnCodeOf(error)));
  const seconds = (performance.now() - started) / 1000;
  emit({
    event: 'step-finished',
    ...about,
    outcome: ok ? 'succeeded' : 'failed',
    seconds,
    ...(!ok && { error: messageOf(error) }),
  });
  if (!ok) return { kind: 'failed', error };
  return { kind: traits.reboots ? 'restart' : 'done' };
}

/** The step with its variables replaced, held against its schema again: a value may be none that the option takes. */
function expandOptions(step: Step, variables: Variables): Step {
  const result = Step.safeParse(expandDeep(step, variables));
  if (result.success) return result.data;
  throw new MediasmithError('STEP_FAILED', 'an option is not valid once its variables are replaced', {
    lines: result.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`),
    hint: 'Correct the value of the variable, or the option.',
  });
}

function contextFor(step: Step, runner: Runner, temporaryFolder: () => Promise<string>): StepContext {
  const { services, state, handovers, sequence, numbers } = runner;
  const needed = [...numbers.keys()]
    .filter(({ enabled }) => enabled)
    .flatMap((known) => definitionOf(known).needs(known as never).images ?? []);
  return {
    ...services,
    state,
    images: needed.map((name) => imageNamed(services.medium.manifest.images, name, 'image')),
    log: logTo(runner, step.step),
    progress: (title): Progress => progressReporter(services.emit, title),
    temporaryFolder,
    atHandover: (title, deed) => handovers.push({ title: `${sequence.name}: ${title}`, deed }),
  };
}

function aboutStep(step: Step, { numbers }: Runner) {
  return { index: numbers.get(step) ?? 0, of: numbers.size, name: titleOf(step), type: step.step };
}

function skip(entry: Entry, runner: Runner): void {
  if (!entry.enabled) return;
  if (isGroup(entry)) for (const inner of entry.steps) skip(inner, runner);
  else runner.services.emit({ event: 'step-finished', ...aboutStep(entry, runner), outcome: 'skipped', seconds: 0 });
}

function logTo({ services }: Runner, component: string): StepContext['log'] {
  return (level, message) => services.emit({ event: 'log', level, component, message });
}

function reportFailure(error: unknown, log: StepContext['log']): void {
  log('error', messageOf(error));
  const more = isMediasmithError(error)
    ? [error.where, ...error.lines, error.hint]
    : [error instanceof Error ? error.stack : undefined];
  for (const line of more) if (line !== undefined) log('error', line);
}

/** 0 for success, the program's own code where a program failed, else 1. */
function returnCodeOf(error: unknown): number {
  if (error === undefined) return 0;
  return isMediasmithError(error) ? (error.exitCode ?? 1) : 1;
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return isMediasmithError(error) ? `${error.code}: ${message}` : message;
}

/** Made when a step first asks for it, removed when the step has ended. */
class TemporaryFolder implements AsyncDisposable {
  #path: string | undefined;

  async path(): Promise<string> {
    this.#path ??= await mkdtemp(join(tmpdir(), 'step-'));
    return this.#path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#path === undefined) return;
    // Windows holds a folder for a while after the last program in it has ended. What stays is gone with the RAM disk.
    await rm(this.#path, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }).catch(() => undefined);
  }
}
