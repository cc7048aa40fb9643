import type { Emit } from '../contract/events.ts';
import type { ConditionFacts } from '../contract/facts.ts';
import type { Environment } from '../contract/step.ts';
import { expandText } from '../contract/variables.ts';
import { type Entry, isGroup, type Sequence, type Step, titleOf } from '../sequence/schema.ts';
import type { RunState } from '../steps/context.ts';
import { imageNamed } from '../steps/target.ts';
import { conditionFailed, holds, recordFailure } from './enter-entry.ts';
import { handOver } from './hand-over.ts';
import { isInterruption } from './interruption.ts';
import { leftBehind } from './left-behind.ts';
import { distinctEntries, numberSteps } from './number-steps.ts';
import { followProgressDisplay } from './progress-display.ts';
import { redactEvent } from './redact-event.ts';
import { rememberedError } from './remembered-failure.ts';
import { linesOf, messageOf, reportFailure } from './report-failure.ts';
import { prepareRestart } from './restart.ts';
import { countDownToRestart } from './restart-countdown.ts';
import { refuseImpossibleRestarts } from './restarts-ahead.ts';
import { runChild } from './run-child.ts';
import { runStep } from './run-step.ts';
import { aboutStep, type End, neededBy, type Restart, type Runner, type RunServices } from './runner.ts';

/** How a run has ended. `continues`: the sequence is not over, it goes on there after the restart. */
export type RunOutcome =
  | { action: 'restart' | 'shutdown'; continues: Environment; error?: undefined }
  | { action: 'restart' | 'shutdown' | 'shell'; continues?: undefined; error?: unknown };

/**
 * Runs a sequence to its end or to a restart that it survives. Errors of steps do not escape: they come back as the
 * outcome. What the journal remembers is not done again: conditions keep what they said, steps how they ended.
 */
export async function runSequence(given: Sequence, services: RunServices): Promise<RunOutcome> {
  const sequence = { ...given, steps: distinctEntries(given.steps) };
  const runner = startRunner(sequence, services);
  const { emit, journal } = runner.services;
  emit({ event: 'sequence-started', id: sequence.id, name: sequence.name, steps: runner.numbers.steps.size });
  followVariables(runner);
  try {
    await refuseImpossibleRestarts(runner);
  } catch (error) {
    return { action: sequence.onFailure, error };
  }
  // The step that asked for it has ended, but not all was done for it.
  const cut = journal.memory.restart;
  if (cut !== undefined && cut.left !== true)
    return restart({ into: cut.into, carriesOver: cut.into === 'full-os', by: 'restart' }, runner);
  for (;;) {
    const end = orLeftBehind(await runEntries(sequence.steps, runner), runner);
    if (end.kind === 'restart')
      return journal.memory.restart === undefined ? finishByRestart(end, runner) : restart(end, runner);
    if (end.kind === 'done') return finish(runner);
    if (end.known !== undefined) emitKnownFailure(end.known, end.error, runner);
    if ((await askAboutFailure(end, runner)) === 'end') return { action: sequence.onFailure, error: end.error };
    if (runner.failed !== undefined) journal.record({ record: 'again', entry: runner.failed.entry });
  }
}

function startRunner(sequence: Sequence, services: RunServices): Runner {
  const emit: Emit = (event) => services.emit(redactEvent(event, services.variables.secrets()));
  const { variables, journal, platform, machine, medium } = services;
  const facts: ConditionFacts = { variables, machine, system: platform.facts };
  const numbers = numberSteps(sequence.steps);
  const needs = neededBy(numbers.steps.keys());
  for (const variable of variables.list()) journal.recordVariable(variable);
  variables.keepSecret(expandText(sequence.logPassword ?? '', variables));
  return {
    sequence,
    services: { ...services, emit },
    numbers,
    facts,
    images: () => needs.images.map((name) => imageNamed(medium.manifest.images, name, 'image')),
    state: { ...(journal.memory.state as RunState) },
    lastStep: undefined,
    failed: undefined,
  };
}

function followVariables({ services: { variables, journal, emit } }: Runner): void {
  const onDisplay = followProgressDisplay(variables, emit);
  variables.onChange = (change) => {
    journal.recordVariable(change);
    onDisplay(change);
  };
}

/** A restart after which nothing goes on, although something is left to do, is the failure of the step that has asked for it. */
function orLeftBehind(end: End, runner: Runner): End {
  const { lastStep, services } = runner;
  if (end.kind !== 'restart' || services.journal.memory.restart !== undefined) return end;
  const error = leftBehind(end, runner);
  if (error === undefined) return end;
  if (lastStep !== undefined) runner.failed = { title: titleOf(lastStep.step), entry: lastStep.entry };
  reportFailure(error, (level, message) => services.emit({ event: 'log', level, component: 'engine', message }));
  return { kind: 'failed', error };
}

/** A start that was cut has said it to nobody. */
function emitKnownFailure(step: Step, error: unknown, runner: Runner): void {
  const why = { outcome: 'failed', seconds: 0, error: messageOf(error), ...linesOf(error) } as const;
  runner.services.emit({ event: 'step-finished', ...aboutStep(step, runner), ...why });
}

async function askAboutFailure({ error }: { error: unknown }, runner: Runner): Promise<'retry' | 'end'> {
  const { onFailure, signal } = runner.services;
  if (onFailure === undefined || signal.aborted || runner.failed === undefined) return 'end';
  return onFailure({ step: runner.failed.title, error });
}

/** All has ended well: only now the disk is made to start. */
async function finish(runner: Runner): Promise<RunOutcome> {
  const { sequence } = runner;
  try {
    await handOver(runner);
  } catch (error) {
    return { action: sequence.onFailure, error };
  }
  return { action: sequence.onSuccess };
}

/** The end, left as its last step has asked for whatever the sequence says. */
async function finishByRestart(wanted: Restart, runner: Runner): Promise<RunOutcome> {
  try {
    await countDownToRestart(wanted, runner.services);
  } catch (error) {
    return { action: runner.sequence.onFailure, error };
  }
  const outcome = await finish(runner);
  return outcome.error === undefined ? { action: wanted.by } : outcome;
}

async function restart(wanted: Restart, runner: Runner): Promise<RunOutcome> {
  const { sequence, services } = runner;
  try {
    await countDownToRestart(wanted, services);
    await prepareRestart(wanted, runner);
    return { action: wanted.by, continues: wanted.into };
  } catch (error) {
    const message = `no restart: ${messageOf(error)}`;
    services.emit({ event: 'log', level: 'error', component: 'engine', message });
    return { action: sequence.onFailure, error };
  }
}

async function runEntries(entries: readonly Entry[], runner: Runner): Promise<End> {
  const { signal } = runner.services;
  for (const entry of entries) {
    if (!entry.enabled) continue;
    const end = await runEntry(entry, runner);
    if (end.kind === 'restart') return end;
    if (end.kind !== 'failed') continue;
    if (!entry.continueOnError) return end;
    // Whatever a step makes of an interruption: it is not an error to go on after.
    if (signal.aborted) return { kind: 'failed', error: isInterruption(end.error) ? end.error : signal.reason };
    // A child sequence would be tried again whenever the run comes by it another time.
    if (isGroup(entry)) recordFailure(entry, end.error, runner);
  }
  return { kind: 'done' };
}

async function runEntry(entry: Entry, runner: Runner): Promise<End> {
  const number = runner.numbers.entries.get(entry) ?? 0;
  try {
    const known = endFromJournal(entry, number, runner);
    if (known !== undefined) return known;
    if (!(await holds(entry, number, runner))) return { kind: 'done' };
  } catch (error) {
    return conditionFailed(entry, number, error, runner);
  }
  if (!isGroup(entry)) return runStep(entry, number, runner);
  return runChild(entry, runner, () => runEntries(entry.steps, runner));
}

/** How a step has ended before, or a group that has failed and was gone on after: nothing of it is run or asked again. */
function endFromJournal(entry: Entry, number: number, runner: Runner): End | undefined {
  const known = runner.services.journal.memory.ends.get(number);
  if (known === undefined) return undefined;
  if (!isGroup(entry)) runner.lastStep = { step: entry, entry: number };
  if (known.outcome === 'succeeded') return { kind: 'done' };
  runner.failed = { title: titleOf(entry), entry: number };
  return { kind: 'failed', error: rememberedError(known), ...(!isGroup(entry) && { known: entry }) };
}
