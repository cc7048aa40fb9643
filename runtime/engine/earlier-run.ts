import { MediasmithError } from '../contract/errors.ts';
import type { Machine } from '../contract/machine.ts';
import type { Environment } from '../contract/step.ts';
import type { StateStore } from '../platform/platform.ts';
import type { Ask, RunState } from '../steps/context.ts';
import { readMemory } from './journal/journal.ts';
import type { Memory } from './journal/memory.ts';

/** `confirmed`: somebody has said that the step it was cut in may run again. */
export type EarlierRun = { store: StateStore; memory: Memory; confirmed: boolean };

/** What an earlier run must agree with to be this one's. */
export type ThisRun = {
  mediumId: string;
  manifestDigest: string;
  machine: Machine;
  environment: Environment;
  /** The digest of a sequence of this medium; undefined when it has none of this id. */
  digestOf: (sequenceId: string) => Promise<string | undefined>;
};

type Log = (level: 'info' | 'warning', message: string) => void;

/** How a journal names the machine it was written on. */
export function machineName({ uuid, serial }: Machine): string {
  return uuid || serial;
}

/**
 * The run that this start goes on with, if any. A state that does not fit medium, sequence and machine is never followed;
 * one whose restart was planned is; about one that was cut somebody is asked. Where nobody is there, a boot environment
 * starts again, because a disk that was cut does not start, and the installed Windows goes on, because it cannot.
 */
export async function findEarlierRun(
  stores: readonly StateStore[],
  here: ThisRun,
  ask: Ask | undefined,
  log: Log,
): Promise<EarlierRun | undefined> {
  const closing = new Set(stores);
  try {
    for (const { store, memory } of await statesToFollow(stores, here, log)) {
      const answer = await follows(memory, store, here, ask, log);
      if (answer === 'no') continue;
      closing.delete(store);
      return { store, memory, confirmed: answer === 'confirmed' };
    }
    return undefined;
  } finally {
    for (const store of closing) await store.close().catch(() => undefined);
  }
}

type State = { store: StateStore; memory: Memory };

/** Those that are this run's, of several disks: first what is to go on here, last what is to go on elsewhere; newer ones first. */
async function statesToFollow(stores: readonly StateStore[], here: ThisRun, log: Log): Promise<State[]> {
  const states: State[] = [];
  for (const store of stores) {
    const memory = await readMemory(store).catch(() => undefined);
    const stale = memory === undefined ? 'it is damaged' : await whyStale(memory, here);
    if (memory !== undefined && stale === undefined) states.push({ store, memory });
    else log('warning', `the state of an earlier run on ${store.place} is not followed: ${stale}`);
  }
  const rank = ({ restart }: Memory): number => (restart === undefined ? 1 : isPlannedHere(restart, here) ? 0 : 2);
  return states.sort(
    (a, b) => rank(a.memory) - rank(b.memory) || b.memory.begin.started.localeCompare(a.memory.begin.started),
  );
}

/** A restart that was cut before all was done for it is done from here. */
function isPlannedHere({ into, left }: NonNullable<Memory['restart']>, { environment }: ThisRun): boolean {
  return into === environment || left !== true;
}

async function whyStale({ begin }: Memory, here: ThisRun): Promise<string | undefined> {
  const { mediumId, manifestDigest, machine, digestOf } = here;
  if (begin.mediumId !== mediumId) return 'another medium has left it';
  if (begin.machine !== machineName(machine)) return 'another machine has left it';
  const digest = await digestOf(begin.sequenceId);
  if (digest === undefined) return `the medium has no sequence "${begin.sequenceId}"`;
  if (digest !== begin.sequenceDigest) return `the sequence "${begin.sequenceName}" has changed since`;
  return (begin.manifestDigest ?? manifestDigest) === manifestDigest ? undefined : 'the medium has changed since';
}

async function follows(
  memory: Memory,
  store: StateStore,
  here: ThisRun,
  ask: Ask | undefined,
  log: Log,
): Promise<'no' | 'yes' | 'confirmed'> {
  const { begin, restart, running } = memory;
  if (restart !== undefined) {
    if (isPlannedHere(restart, here)) return 'yes';
    return leavesThere(begin.sequenceName, restart.into, store, here, ask);
  }
  const where = running === undefined ? 'between two steps' : `in the middle of "${running.name}"`;
  const what = `"${begin.sequenceName}", begun ${begin.started}, was cut ${where}`;
  if (ask === undefined) {
    // From its beginning it would know nothing of the user state that it has kept.
    const replaces = (memory.state as RunState).target?.replacing !== undefined;
    const goesOn = here.environment === 'full-os' || replaces;
    log('warning', `${what}: ${goesOn ? 'it goes on there' : 'it starts again from its beginning'}`);
    if (!goesOn) await drop(store);
    return goesOn ? 'yes' : 'no';
  }
  const goOn = running === undefined ? 'Go on there' : `Go on there: "${running.name}" runs again`;
  const answer = await ask.choose(what, [goOn, 'Start again from the beginning', 'Stop: change nothing']);
  if (answer === 0) return 'confirmed';
  if (answer !== 1) throw new MediasmithError('INTERRUPTED', 'stopped by hand', { hint: 'Nothing was changed.' });
  await drop(store);
  return 'no';
}

/** Where the disk does not start, only a new beginning gets its person out. */
async function leavesThere(
  name: string,
  into: Environment,
  store: StateStore,
  here: ThisRun,
  ask: Ask | undefined,
): Promise<'no'> {
  const error = wrongPlace(into, here.environment);
  const question = `"${name}": ${error.message}`;
  const answer = await ask?.choose(question, ['Stop: change nothing', 'Start again from the beginning']);
  if (answer !== 1) throw error;
  await drop(store);
  return 'no';
}

async function drop(store: StateStore): Promise<void> {
  await store.remove();
  await store.close();
}

function wrongPlace(wanted: Environment, here: Environment): MediasmithError {
  const place = (environment: Environment) =>
    environment === 'winpe' ? 'the boot environment' : 'the installed Windows';
  return new MediasmithError('STATE_INVALID', `the sequence goes on in ${place(wanted)}, but this is ${place(here)}`, {
    hint:
      wanted === 'full-os'
        ? "Restart from the machine's own disk: choose it in the firmware's boot menu. Leave the medium in."
        : "Restart from the medium: choose it in the firmware's boot menu.",
  });
}
