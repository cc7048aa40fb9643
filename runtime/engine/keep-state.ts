import { environmentOf } from '../contract/step.ts';
import { messageOf } from './report-failure.ts';
import type { Runner, RunServices } from './runner.ts';

/** Writes the journal, and says once where that has begun to fail: the run goes on without a way back after a cut. */
export async function flushJournal(
  { journal, emit }: Pick<RunServices, 'journal' | 'emit'>,
  options: { sync: boolean },
): Promise<void> {
  const problem = await journal.flush(options);
  if (problem !== undefined) warn(`written to ${journal.place}: ${messageOf(problem)}`, emit);
}

/** The journal onto the disk; onto another one where a step has laid it out anew. */
export async function keepState({ state, services }: Runner): Promise<void> {
  const { journal, platform, emit } = services;
  const known = journal.memory.state as Runner['state'];
  const sameDisk = state.target?.identity === known.target?.identity;
  if (state.target !== known.target || state.replaced !== known.replaced)
    journal.record({ record: 'state', state: { ...state } });
  if (sameDisk) return flushJournal(services, { sync: true });
  try {
    const store = await platform.openState(state.target, environmentOf(platform.name));
    if (store !== undefined) await journal.moveTo(store);
  } catch (error) {
    warn(`kept on the disk: ${messageOf(error)}`, emit);
    await journal.forgetPlace();
  }
}

function warn(what: string, emit: RunServices['emit']): void {
  emit({ event: 'log', level: 'warning', component: 'engine', message: `the state of the sequence cannot be ${what}` });
}
