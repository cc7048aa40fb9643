import { handOvers } from '../steps/index.ts';
import type { StepType } from '../steps/schema.ts';
import { flushJournal } from './keep-state.ts';
import type { Runner } from './runner.ts';
import { contextFor } from './step-context.ts';

/** Makes the disk start: what steps have registered for this moment, the last registered first. */
export async function handOver(runner: Runner): Promise<void> {
  const { journal, signal, platform } = runner.services;
  // Before the disk starts anything: what the medium has left there is of no use to Windows.
  await platform.clearContent(runner.state.target);
  for (const { step, data } of journal.memory.handovers.toReversed()) {
    signal.throwIfAborted();
    const deed = handOvers[step as StepType];
    if (deed === undefined) throw new Error(`${step} has no hand-over`);
    await using scope = contextFor({ step: step as StepType, attempt: 1, signal }, runner);
    await deed(data, scope.context);
  }
  // The disk starts by itself now, and nothing is read from the medium any more.
  await platform.removeMedium(runner.state.target);
  journal.record({ record: 'handed-over' });
  await flushJournal(runner.services, { sync: true });
}
