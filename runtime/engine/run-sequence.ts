import { MediasmithError } from '../contract/errors.ts';
import type { Emit } from '../contract/events.ts';
import type { ConditionFacts } from '../contract/facts.ts';
import { type Environment, environmentOf } from '../contract/step.ts';
import { evaluateCondition } from '../sequence/condition.ts';
import { type Entry, isGroup, type Sequence, titleOf } from '../sequence/schema.ts';
import type { RunState } from '../steps/context.ts';
import { imageNamed } from '../steps/target.ts';
import { handOver } from './hand-over.ts';
import { distinctEntries, numberSteps } from './number-steps.ts';
import { redactEvent } from './redact-event.ts';
import { messageOf } from './report-failure.ts';
import { runStep } from './run-step.ts';
import { aboutStep, type End, neededBy, type Runner, type RunServices } from './runner.ts';

/** How a run has ended. `continues`: the sequence is not over, it goes on there after the restart. */
export type RunOutcome =
  | { action: 'restart'; continues: Environment; error?: undefined }
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
  for (;;) {
    const end = await runEntries(sequence.steps, runner);
    if (end.kind === 'restart') return restart(end.into, end.carriesOver, runner);
    if (end.kind === 'done') return finish(runner);
    if ((await askAboutFailure(end, runner)) === 'end') return { action: sequence.onFailure, error: end.error };
    journal.record({ record: 'again', entry: runner.lastStep?.entry ?? 0 });
  }
}

function startRunner(sequence: Sequence, services: RunServices): Runner {
  const emit: Emit = (event) => services.emit(redactEvent(event, services.variables.secrets()));
  const { variables, journal, platform, machine, medium } = services;
  const facts: ConditionFacts = { variables, machine, system: platform.facts };
  const numbers = numberSteps(sequence.steps);
  const needs = neededBy(numbers.steps.keys());
  for (const variable of variables.list()) journal.recordVariable(variable);
  variables.onChange = (change) => journal.recordVariable(change);
  return {
    sequence,
    services: { ...services, emit },
    numbers,
    facts,
    images: () => needs.images.map((name) => imageNamed(medium.manifest.images, name, 'image')),
    state: { ...(journal.memory.state as RunState) },
    lastStep: undefined,
  };
}

async function askAboutFailure({ error }: { error: unknown }, runner: Runner): Promise<'retry' | 'end'> {
  const { onFailure, signal } = runner.services;
  if (onFailure === undefined || signal.aborted || runner.lastStep === undefined) return 'end';
  return onFailure({ step: titleOf(runner.lastStep.step), error });
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

/** A restart after which nothing is left to do is an end like any other, but for the restart. */
async function restart(into: Environment, carriesOver: boolean, runner: Runner): Promise<RunOutcome> {
  const { sequence, services, numbers, state } = runner;
  const { journal, platform, medium, emit } = services;
  const here = environmentOf(platform.name);
  try {
    const leavesForGood = here === 'winpe' && into === 'full-os' && !carriesOver;
    if (leavesForGood || !remains(runner)) {
      const outcome = await finish(runner);
      return outcome.error === undefined ? { action: 'restart' } : outcome;
    }
    journal.record({ record: 'restart', into });
    if (carriesOver) await handOver(runner);
    const store = await platform.openState(state.target, into);
    if (store === undefined) throw noPlace();
    await journal.moveTo(store);
    await platform.arrangeRestart({ into, target: state.target, medium });
    const place = journal.place ?? '';
    await journal.close();
    const message = `restart; ${sequence.name} goes on in ${into}, its state lies on ${place}`;
    emit({ event: 'log', level: 'info', component: 'engine', message });
    return { action: 'restart', continues: into };
  } catch (error) {
    emit({ event: 'log', level: 'error', component: 'engine', message: `no restart: ${messageOf(error)}` });
    return { action: sequence.onFailure, error };
  }

  function remains({ lastStep }: Runner): boolean {
    if (lastStep === undefined) return true;
    const again = !journal.memory.ends.has(lastStep.entry);
    return again || (numbers.steps.get(lastStep.step) ?? 0) < numbers.steps.size;
  }
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
  try {
    if (!(await holds(entry, runner))) return { kind: 'done' };
  } catch (error) {
    return conditionFailed(entry, error, runner);
  }
  return isGroup(entry) ? runEntries(entry.steps, runner) : runStep(entry, runner);
}

/** Whether the condition of an entry holds, by the journal or by asking now. Says why, and which steps are passed over. */
async function holds(entry: Entry, runner: Runner): Promise<boolean> {
  if (entry.condition === undefined) return true;
  const { journal, emit } = runner.services;
  const number = runner.numbers.entries.get(entry) ?? 0;
  const decided = journal.memory.conditions.get(number);
  if (decided !== undefined) return decided;
  const result = await evaluateCondition(entry.condition, runner.facts);
  emit({
    event: 'log',
    level: 'info',
    component: 'engine',
    message: `condition of "${titleOf(entry)}": ${result.why}`,
  });
  journal.record({ record: 'condition', entry: number, holds: result.holds });
  if (!result.holds) skip(entry, `condition: ${result.why}`, runner);
  return result.holds;
}

/** A condition that cannot be evaluated is a failure of its step or group: neither answer may be assumed. */
function conditionFailed(entry: Entry, error: unknown, runner: Runner): End {
  const { variables, emit } = runner.services;
  const message = `condition of "${titleOf(entry)}": ${messageOf(error)}`;
  emit({ event: 'log', level: 'error', component: 'engine', message });
  if (!isGroup(entry)) {
    runner.lastStep = { step: entry, entry: runner.numbers.entries.get(entry) ?? 0 };
    emit({ event: 'step-finished', ...aboutStep(entry, runner), outcome: 'failed', seconds: 0, error: message });
  }
  variables.set('_SMSTSLastActionSucceeded', 'false');
  return { kind: 'failed', error };
}

function skip(entry: Entry, reason: string, runner: Runner): void {
  if (!entry.enabled) return;
  if (isGroup(entry)) for (const inner of entry.steps) skip(inner, reason, runner);
  else {
    const about = aboutStep(entry, runner);
    runner.services.emit({ event: 'step-finished', ...about, outcome: 'skipped', seconds: 0, reason });
  }
}

function noPlace(): MediasmithError {
  return new MediasmithError('STATE_INVALID', 'there is no disk yet that could keep the state of the sequence', {
    hint: 'Put the restart after format-and-partition-disk.',
  });
}
