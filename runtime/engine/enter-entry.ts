import { redactor } from '../host/exec.ts';
import { evaluateCondition } from '../sequence/condition.ts';
import { type Entry, isGroup, titleOf } from '../sequence/schema.ts';
import { isInterrupted } from './interruption.ts';
import { rememberFailure } from './remembered-failure.ts';
import { messageOf, returnCodeOf } from './report-failure.ts';
import { passOver } from './run-step.ts';
import { aboutStep, type End, type Runner } from './runner.ts';

/**
 * Whether an entry is to run, by the journal or by asking now. Says why, and which steps are passed over. What a condition
 * asks may be known only where its step runs: elsewhere it need not be answered.
 */
export async function holds(entry: Entry, number: number, runner: Runner): Promise<boolean> {
  const { journal, emit } = runner.services;
  const runsElsewhere = () => !isGroup(entry) && passOver(entry, number, runner);
  const decided = journal.memory.conditions.get(number);
  if (decided === false) return false;
  if (decided === true || entry.condition === undefined) return !runsElsewhere();
  const result = await evaluateCondition(entry.condition, runner.facts).catch((error: unknown) => {
    if (runsElsewhere()) return undefined;
    throw error;
  });
  if (result === undefined) return false;
  emit({
    event: 'log',
    level: 'info',
    component: 'engine',
    message: `condition of "${titleOf(entry)}": ${result.why}`,
  });
  runner.services.onCondition?.(number, result);
  journal.record({ record: 'condition', entry: number, holds: result.holds });
  if (!result.holds) skip(entry, `condition: ${result.why}`, runner);
  return result.holds && !runsElsewhere();
}

/** A condition that cannot be evaluated is a failure of its step or group: neither answer may be assumed. */
export function conditionFailed(entry: Entry, number: number, error: unknown, runner: Runner): End {
  const { variables, emit, signal } = runner.services;
  const message = `condition of "${titleOf(entry)}": ${messageOf(error)}`;
  emit({ event: 'log', level: 'error', component: 'engine', message });
  if (!isGroup(entry)) {
    runner.lastStep = { step: entry, entry: number };
    emit({ event: 'step-finished', ...aboutStep(entry, runner), outcome: 'failed', seconds: 0, error: message });
  }
  runner.failed = { title: titleOf(entry), entry: number };
  // It is asked again when the run goes on.
  if (isInterrupted(signal)) return { kind: 'failed', error };
  recordFailure(entry, error, runner);
  variables.set('_SMSTSLastActionSucceeded', 'false');
  variables.set('_SMSTSLastActionRetCode', String(returnCodeOf(error)));
  return { kind: 'failed', error };
}

/** That it has failed for good: no later start comes by it again. */
export function recordFailure(entry: Entry, error: unknown, { numbers, services }: Runner): void {
  const { journal, variables } = services;
  const number = numbers.entries.get(entry) ?? 0;
  if (journal.memory.ends.has(number)) return;
  journal.record({ record: 'ended', entry: number, ...rememberFailure(error, redactor(variables.secrets())) });
}

function skip(entry: Entry, reason: string, runner: Runner): void {
  if (!entry.enabled) return;
  if (isGroup(entry)) for (const inner of entry.steps) skip(inner, reason, runner);
  else {
    const about = aboutStep(entry, runner);
    runner.services.emit({ event: 'step-finished', ...about, outcome: 'skipped', seconds: 0, reason });
  }
}
