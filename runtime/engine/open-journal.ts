import { createHash, randomUUID } from 'node:crypto';
import { MediasmithError } from '../contract/errors.ts';
import type { Machine } from '../contract/machine.ts';
import type { Manifest } from '../contract/manifest.ts';
import { environmentOf } from '../contract/step.ts';
import type { Medium, Platform, StateStore } from '../platform/platform.ts';
import type { Sequence } from '../sequence/schema.ts';
import type { RunState } from '../steps/context.ts';
import { type EarlierRun, machineName } from './earlier-run.ts';
import { Journal, readMemory } from './journal/journal.ts';
import { mediumSeal, type Seal } from './journal/seal.ts';
import { digestOf } from './load-sequences.ts';
import { manifestDigest } from './manifest-digest.ts';

type Run = { medium: Medium; machine: Machine; sequence: Sequence; platform: Platform };

/** The journal of a new run, or that of the earlier one this start goes on with. */
export async function openJournal(run: Run, earlier: EarlierRun | undefined): Promise<Journal> {
  return earlier === undefined ? beginJournal(run) : resumeJournal(run, earlier);
}

async function beginJournal({ medium, machine, sequence, platform }: Run): Promise<Journal> {
  const run = randomUUID();
  const begin = {
    run,
    mediumId: medium.manifest.id,
    manifestDigest: manifestDigest(medium.manifest),
    sequenceId: sequence.id,
    sequenceName: sequence.name,
    sequenceDigest: digestOf(sequence),
    machine: machineName(machine),
    started: new Date().toISOString(),
  };
  const journal = Journal.begin(begin, sealFor(medium.manifest, run));
  const store = await platform.openState(undefined, environmentOf(platform.name));
  if (store !== undefined) await moveTo(store, journal);
  return journal;
}

async function resumeJournal({ medium, platform }: Run, { memory, store, confirmed }: EarlierRun): Promise<Journal> {
  const { target } = memory.state as RunState;
  const recovered = target && (await platform.recoverTarget(target));
  if (recovered !== undefined) memory.state = { ...memory.state, target: recovered };
  const journal = new Journal(memory, sealFor(medium.manifest, memory.begin.run), confirmed);
  // A restart that was cut before all was done for it is done first.
  if (memory.restart?.into === environmentOf(platform.name)) journal.record({ record: 'resumed' });
  const next = (await platform.openState(recovered, environmentOf(platform.name))) ?? store;
  await moveTo(next, journal);
  if (next !== store) await forget(store);
  return journal;
}

/** Where the state was found, which may be the same place under another name: only one that still waits is emptied. */
async function forget(store: StateStore): Promise<void> {
  const memory = await readMemory(store).catch(() => undefined);
  if (memory?.restart?.left === true) await store.replace(new Uint8Array()).catch(() => undefined);
  await store.close().catch(() => undefined);
}

/** Without a state that can be written nothing is begun: what is there would be followed again after a cut. */
async function moveTo(store: StateStore, journal: Journal): Promise<void> {
  try {
    await journal.moveTo(store);
  } catch (cause) {
    await store.close().catch(() => undefined);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MediasmithError('STATE_INVALID', `the state of the run cannot be written to ${store.place}: ${reason}`, {
      where: store.place,
      hint: 'Make room there, or take write protection away. Nothing was changed.',
      cause,
    });
  }
}

/** What seals the secrets of a run: of the manifest as the medium has it. */
export function sealFor(manifest: Manifest, run: string): Seal {
  return mediumSeal(createHash('sha256').update(JSON.stringify(manifest)).digest('hex'), run);
}
