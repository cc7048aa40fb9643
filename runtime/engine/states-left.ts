import type { StateStore } from '../platform/platform.ts';
import { readMemory } from './journal/journal.ts';
import type { Memory } from './journal/memory.ts';
import type { Start } from './medium-run.ts';
import { stateHere } from './resume-only.ts';

/** Where earlier starts may have left the state of a run for this one. */
export async function statesLeft(start: Start): Promise<StateStore[]> {
  const own = start.resume ? await stateHere(start) : undefined;
  return own === undefined ? start.platform.findStates() : [own];
}

/** What runs from this medium have left, as far as it can be read. Only looked at: whether it is followed is not said. */
export async function memoriesLeft(mediumId: string, start: Start): Promise<Memory[]> {
  const memories: Memory[] = [];
  for (const store of await statesLeft(start)) {
    const memory = await readMemory(store).catch(() => undefined);
    await store.close().catch(() => undefined);
    if (memory?.begin.mediumId === mediumId) memories.push(memory);
  }
  return memories;
}
