import type { Machine } from '../contract/machine.ts';
import type { Machines } from '../contract/machines.ts';
import { environmentOf } from '../contract/step.ts';
import type { Variables } from '../contract/variables.ts';
import type { Medium } from '../platform/platform.ts';
import type { Sequence } from '../sequence/schema.ts';
import type { Ask } from '../steps/context.ts';
import { chooseSequence } from './choose-sequence.ts';
import { earlierResults, windowsVolumes } from './earlier-results.ts';
import { type EarlierRun, findEarlierRun } from './earlier-run.ts';
import { findMedium, verifyMedium } from './find-medium.ts';
import { digestOf, loadSequences, type Sequences } from './load-sequences.ts';
import { askForVariables, readMachines, setGivenVariables } from './media-variables.ts';
import { begin, type MediumRun, type Start } from './medium-run.ts';
import { neededFiles } from './needed-files.ts';
import { offersOf } from './offers.ts';
import { announced } from './questions.ts';
import { leaveForGood, stateHere } from './resume-only.ts';
import { describeError, type Ended, runChosen } from './run-chosen.ts';
import type { RunOutcome } from './run-sequence.ts';

/**
 * The whole of a start from a medium: find it, verify it, look at the machine, choose a sequence, run it. A start that is
 * to go on with a run and finds none ends without the event `finished`. Never throws.
 */
export async function runMedium(run: MediumRun): Promise<RunOutcome['action']> {
  const start = begin(run);
  const ended = await deploy(start).catch((error: unknown): Pick<Ended, 'outcome'> & Partial<Ended> => ({
    outcome: { action: 'shell', error },
  }));
  if (ended === undefined) {
    await leaveForGood(start);
    return 'shell';
  }
  const { action, error, continues } = ended.outcome;
  const about = {
    ...(ended.seconds !== undefined && { seconds: ended.seconds }),
    ...(continues === undefined && { logs: ended.logs?.length ? ended.logs : [run.logFile] }),
  };
  if (error !== undefined)
    start.emit({ event: 'finished', outcome: 'failed', action, ...describeError(error), ...about });
  else
    start.emit({
      ...{ event: 'finished', outcome: 'succeeded', action, ...about },
      ...(continues !== undefined && { continues }),
    });
  return action;
}

/** Once, and again from the choosing whenever somebody has gone back to the menu. Undefined: nothing is to be gone on with. */
async function deploy(start: Start): Promise<Ended | undefined> {
  const { platform, emit, signal } = start;
  const found = await findMedium(start);
  if (found === undefined) return undefined;
  const { medium, sequenceId } = found;
  const { manifest } = medium;
  const ask = manifest.unattended || start.ask === undefined ? undefined : announced(start.ask, emit, start.hide);
  for (let menu = false; ; menu = true) {
    emit({ event: 'phase', phase: 'inventory' });
    const machine = await platform.inventory(medium);
    reportMachine(machine, start);

    emit({ event: 'phase', phase: 'choose' });
    const sequences = await loadSequences(medium);
    const earlier = menu ? undefined : await earlierRun(medium, machine, sequences, ask, start);
    if (start.resume && earlier === undefined) return undefined;
    const variables = start.newVariables();
    const sequence =
      earlier === undefined
        ? await choose({ medium, machine, sequences, variables, named: sequenceId, ask, menu }, start)
        : sequences.inlined(earlier.memory.begin.sequenceId);

    const more = platform.filesToVerify(manifest.files, neededFiles(sequence, manifest));
    if (more.length > 0) {
      emit({ event: 'phase', phase: 'verify' });
      await verifyMedium(start, medium, more);
    }

    emit({ event: 'phase', phase: 'sequence' });
    const ended = await runChosen({ medium, machine, sequence, variables, ask, earlier }, start);
    if (!ended.menu || signal.aborted) return ended;
  }
}

/** What an earlier start has left on the disks of this machine for this one to go on with. */
async function earlierRun(
  { manifest }: Medium,
  machine: Machine,
  sequences: Sequences,
  ask: Ask | undefined,
  start: Start,
): Promise<EarlierRun | undefined> {
  const { platform, log } = start;
  const here = {
    mediumId: manifest.id,
    machine,
    environment: environmentOf(platform.name),
    digestOf: async (id: string) => (sequences.has(id) ? digestOf(sequences.inlined(id)) : undefined),
  };
  const own = start.resume ? await stateHere(start) : undefined;
  return findEarlierRun(own === undefined ? await platform.findStates() : [own], here, ask, log);
}

type Wanted = {
  medium: Medium;
  machine: Machine;
  sequences: Sequences;
  variables: Variables;
  /** By the boot menu. */
  named: string | undefined;
  ask: Ask | undefined;
  menu: boolean;
};

/** The sequence of a new run, with the variables that it starts with. */
async function choose({ variables, named, ask, menu, ...on }: Wanted, start: Start): Promise<Sequence> {
  const { medium, machine, sequences } = on;
  const { manifest } = medium;
  const { platform, signal, log, now } = start;
  const machines: Machines = await readMachines(medium, platform, signal);
  setGivenVariables(variables, machines, machine, manifest.variables);
  const all = manifest.sequences.map(({ id }) => sequences.inlined(id));
  const remembering = all.filter(({ rerun }) => rerun !== 'always');
  const earlier = await earlierResults(platform, remembering, log);
  const sequence = await chooseSequence({
    medium: manifest.name,
    offers: offersOf(all, { now: now(), environment: environmentOf(platform.name), earlier }),
    named: named ?? variables.get('SMSTSPreferredAdvertID'),
    preferred: manifest.preferredSequence,
    ...{ ask, menu },
  });
  await askForVariables(variables, manifest.variables, ask);
  await setDetectedWindows(variables, start);
  return sequence;
}

/** ConfigMgr's names for the Windows that was there when WinPE started: where user state is captured from. */
async function setDetectedWindows(variables: Variables, { platform, log }: Start): Promise<void> {
  if (platform.name !== 'winpe') return;
  const [windows] = await windowsVolumes(platform, log);
  const drive = /^[A-Z]:/.exec(windows?.device ?? '')?.[0];
  if (drive === undefined) return;
  variables.set('_OSDDetectedWinDrive', drive);
  variables.set('_OSDDetectedWinDir', `${drive}\\Windows`);
}

function reportMachine({ make, model, serial, firmware, secureBoot, disks }: Machine, { emit }: Start): void {
  emit({ event: 'machine-found', make, model, serial, firmware, secureBoot });
  for (const disk of disks)
    emit({ event: 'log', level: 'info', component: 'inventory', message: `disk ${JSON.stringify(disk)}` });
}
