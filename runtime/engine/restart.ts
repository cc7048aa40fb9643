import { MediasmithError } from '../contract/errors.ts';
import { environmentOf } from '../contract/step.ts';
import { carryContent } from './carry-content.ts';
import { handOver } from './hand-over.ts';
import type { Restart, Runner } from './runner.ts';

/**
 * Whether the sequence goes on after a restart that its last step asks for. One that leaves the boot environment for good,
 * or after which nothing is left to do, is an end like any other. `again`: that step is to run once more.
 */
export function goesOnAfter(
  { into, carriesOver }: Pick<Restart, 'into' | 'carriesOver'>,
  again: boolean,
  runner: Runner,
): boolean {
  const { lastStep, numbers, services } = runner;
  if (environmentOf(services.platform.name) === 'winpe' && into === 'full-os' && !carriesOver) return false;
  if (lastStep === undefined || again) return true;
  return (numbers.steps.get(lastStep.step) ?? 0) < numbers.steps.size;
}

/** Does all that a restart needs, the journal's own move to where the next start looks for it too. */
export async function prepareRestart(
  { into, carriesOver }: Pick<Restart, 'into' | 'carriesOver'>,
  runner: Runner,
): Promise<void> {
  const { sequence, services, state } = runner;
  const { journal, platform, medium, emit } = services;
  if (carriesOver) {
    await carryContent(runner);
    await handOver(runner);
  }
  const store = await platform.openState(state.target, into);
  if (store === undefined) throw noPlace();
  journal.record({ record: 'restart', into, left: true });
  await journal.moveTo(store);
  await platform.arrangeRestart({ into, target: state.target, medium });
  const place = journal.place ?? '';
  await journal.close();
  const message = `restart; ${sequence.name} goes on in ${into}, its state lies on ${place}`;
  emit({ event: 'log', level: 'info', component: 'engine', message });
}

function noPlace(): MediasmithError {
  return new MediasmithError('STATE_INVALID', 'there is no disk yet that could keep the state of the sequence', {
    hint: 'Put the restart after format-and-partition-disk.',
  });
}
