import { environmentOf } from '../contract/step.ts';
import type { BootOptions, StateStore } from '../platform/platform.ts';
import { readMemory } from './journal/journal.ts';
import type { Start } from './medium-run.ts';
import { messageOf } from './report-failure.ts';

/** What the state that was left here says of its medium. Undefined without one that can be read. */
export async function optionsToResume(start: Start): Promise<BootOptions | undefined> {
  const store = await stateHere(start);
  const memory = store && (await readMemory(store).catch(() => undefined));
  await store?.close();
  return memory === undefined ? undefined : { mediumId: memory.begin.mediumId, sequenceId: undefined };
}

/** Where this system keeps the state of a run: a start that only goes on never follows one that another has left. */
export async function stateHere({ platform }: Start): Promise<StateStore | undefined> {
  return platform.openState(undefined, environmentOf(platform.name));
}

/** Nothing will start us again. The state goes too: nobody may follow it any more. */
export async function leaveForGood(start: Start): Promise<void> {
  start.log('info', 'there is no sequence to go on with: what would have gone on with one is taken away');
  try {
    await (await stateHere(start))?.remove();
  } catch (error) {
    start.log('warning', `not everything could be taken away: ${messageOf(error)}`);
  }
}
