import type { Machine } from '../contract/machine.ts';
import { environmentOf } from '../contract/step.ts';
import type { Variables } from '../contract/variables.ts';
import type { Medium } from '../platform/platform.ts';
import type { Sequence } from '../sequence/schema.ts';
import type { Ask } from '../steps/context.ts';
import { refuseOutsideValidity } from './check-validity.ts';
import { chooseSequence } from './choose-sequence.ts';
import { contentToKeep, discAsker, refuseMissingDiscs } from './copy-first.ts';
import { earlierResults, windowsVolumes } from './earlier-results.ts';
import { type EarlierRun, findEarlierRun } from './earlier-run.ts';
import { findMedium, verifyMedium } from './find-medium.ts';
import { loadContent, type MediumContent } from './load-content.ts';
import { digestOf, type Sequences } from './load-sequences.ts';
import { manifestDigest } from './manifest-digest.ts';
import { askForVariables, setGivenVariables } from './media-variables.ts';
import { begin, type MediumRun, type Start } from './medium-run.ts';
import { neededFiles } from './needed-files.ts';
import { numberSteps } from './number-steps.ts';
import { offersOf } from './offers.ts';
import { type GivenVariable, runPrestart, setPrestarted } from './prestart.ts';
import { progressReporter } from './progress-reporter.ts';
import { announced } from './questions.ts';
import { leaveForGood } from './resume-only.ts';
import { describeError, type Ended, runChosen } from './run-chosen.ts';
import type { RunOutcome } from './run-sequence.ts';
import { statesLeft } from './states-left.ts';
import { unlock, unlockByPassword } from './unlock.ts';

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
  const { medium, sequenceId, unattended } = found;
  const { manifest } = medium;
  const ask = unattended || start.ask === undefined ? undefined : announced(start.ask, emit, start.hide);
  platform.askForDiscs(ask === undefined ? undefined : discAsker(ask));
  let unlocked = manifest.sealed === true ? await unlock(medium, start) : undefined;
  let prestarted: GivenVariable[] | undefined;
  for (let menu = false; ; menu = true) {
    emit({ event: 'phase', phase: 'inventory' });
    const machine = await platform.inventory(medium);
    reportMachine(machine, start);

    emit({ event: 'phase', phase: 'choose' });
    const content = await loadContent(medium, unlocked?.content, start);
    const { sequences } = content;
    const earlier = menu ? undefined : await earlierRun(medium, machine, sequences, ask, start);
    if (start.resume && earlier === undefined) return undefined;
    const variables = start.newVariables();
    let sequence: Sequence;
    if (earlier === undefined) {
      refuseOutsideValidity(manifest, start.now());
      if (unlocked?.kept === true) unlocked = await unlockByPassword(medium, start);
      prestarted ??= await runPrestart(medium, start);
      sequence = await choose({ medium, machine, content, prestarted, variables, named: sequenceId, ask, menu }, start);
    } else sequence = sequences.inlined(earlier.memory.begin.sequenceId);

    const more = platform.filesToVerify(manifest.files, neededFiles(sequence, manifest));
    if (more.length > 0) {
      emit({ event: 'phase', phase: 'verify' });
      await verifyMedium(start, medium, more);
    }

    await prepareDiscs(medium, sequence, { ask, earlier }, start);

    emit({ event: 'phase', phase: 'sequence' });
    const ended = await runChosen(
      { medium, machine, sequence, variables, ask, earlier, identity: unlocked?.identity },
      start,
    );
    if (!ended.menu || signal.aborted) return ended;
  }
}

/** All discs are there that the sequence may need, or somebody is who changes them. */
async function prepareDiscs(
  medium: Medium,
  { steps }: Sequence,
  { ask, earlier }: { ask: Ask | undefined; earlier: EarlierRun | undefined },
  { platform, emit, signal }: Start,
): Promise<void> {
  const content = contentToKeep(numberSteps(steps).steps.keys(), medium);
  if (content === undefined) return;
  // A run that goes on has copied what it needs.
  if (ask === undefined && earlier === undefined) await refuseMissingDiscs(platform, medium, content);
  // There is no disk to wait for: Windows' own drive takes it now.
  if (platform.name !== 'windows') return;
  const onProgress = progressReporter(emit, 'Copying the medium onto the disk');
  await platform.keepFiles(medium, content, { signal, onProgress });
}

/** What an earlier start has left on the disks of this machine for this one to go on with. */
async function earlierRun(
  { manifest }: Medium,
  machine: Machine,
  sequences: Sequences,
  ask: Ask | undefined,
  start: Start,
): Promise<EarlierRun | undefined> {
  const { platform } = start;
  const here = {
    mediumId: manifest.id,
    manifestDigest: manifestDigest(manifest),
    machine,
    environment: environmentOf(platform.name),
    digestOf: async (id: string) => (sequences.has(id) ? digestOf(sequences.inlined(id)) : undefined),
  };
  return findEarlierRun(await statesLeft(start), here, ask, start.log);
}

type Wanted = {
  medium: Medium;
  machine: Machine;
  content: MediumContent;
  /** What the prestart command has set. */
  prestarted: readonly GivenVariable[];
  variables: Variables;
  /** By the boot menu. */
  named: string | undefined;
  ask: Ask | undefined;
  menu: boolean;
};

/** The sequence of a new run, with the variables that it starts with. */
async function choose({ variables, named, ask, menu, ...on }: Wanted, start: Start): Promise<Sequence> {
  const { medium, machine, content, prestarted } = on;
  const { platform, log, now } = start;
  setGivenVariables(variables, await content.machines(), machine, content.variables);
  setPrestarted(variables, prestarted, content.variables);
  const all = content.sequences.ids.map(content.sequences.inlined);
  const remembering = all.filter(({ rerun }) => rerun !== 'always');
  const earlier = await earlierResults(platform, remembering, log);
  const sequence = await chooseSequence({
    medium: medium.manifest.name,
    offers: offersOf(all, { now: now(), environment: environmentOf(platform.name), earlier }),
    named: named ?? variables.get('SMSTSPreferredAdvertID'),
    preferred: content.preferredSequence,
    ...{ ask, menu },
  });
  await askForVariables(variables, content.variables, ask);
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
