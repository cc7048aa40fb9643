import { isMediasmithError } from '../contract/errors.ts';
import type { Emit } from '../contract/events.ts';
import type { Machine } from '../contract/machine.ts';
import type { Variables } from '../contract/variables.ts';
import type { Medium, TargetVolume } from '../platform/platform.ts';
import { STATE_FOLDER } from '../platform/state-folder.ts';
import type { Sequence } from '../sequence/schema.ts';
import type { Ask, RunState } from '../steps/context.ts';
import { askAboutFailure, type FailureVerdict } from './ask-about-failure.ts';
import type { EarlierRun } from './earlier-run.ts';
import { isInterrupted } from './interruption.ts';
import type { Journal } from './journal/journal.ts';
import { IDENTITY_VARIABLE, keepIdentity } from './kept-identity.ts';
import { leavePartOfLog, leaveResults } from './leave-results.ts';
import { machineVariables } from './machine-variables.ts';
import type { Start } from './medium-run.ts';
import { openJournal } from './open-journal.ts';
import { runPostAction } from './post-action.ts';
import { messageOf } from './report-failure.ts';
import { resultOf, secondsSince } from './run-result.ts';
import { type RunOutcome, runSequence } from './run-sequence.ts';
import { StepRecord } from './step-record.ts';
import { timeZone } from './time-zone.ts';

export type Chosen = {
  medium: Medium;
  machine: Machine;
  sequence: Sequence;
  variables: Variables;
  ask: Ask | undefined;
  earlier: EarlierRun | undefined;
  /** What has opened a sealed medium. */
  identity: string | undefined;
};

/** How a run from a medium has ended. `menu`: somebody wants another sequence, or this one from its beginning. */
export type Ended = {
  outcome: RunOutcome;
  menu: boolean;
  /** Since it was begun, restarts included. */
  seconds: number;
  /** Where log and result were left. */
  logs: string[];
};

/** Runs the chosen sequence, or goes on with an earlier run of it, and leaves its result behind when it has ended. */
export async function runChosen(chosen: Chosen, start: Start): Promise<Ended> {
  const { medium, machine, sequence, variables, ask, earlier, identity } = chosen;
  const { platform, logFile, now } = start;
  const journal = await openJournal({ medium, machine, sequence, platform }, earlier);
  keepIdentity(journal, identity);
  for (const { name, value, secret } of journal.variables())
    if (name !== IDENTITY_VARIABLE) variables.set(name, value, { secret });
  const here = { logFile, dataFolder: dataFolderOf(journal) };
  const known = [
    ...machineVariables(machine, sequence, medium, platform.name, here),
    ['_SMSTSTimezone', await timeZone(platform.facts)] as const,
  ];
  for (const [name, value] of known) variables.set(name, value);

  const steps = new StepRecord();
  const emit: Emit = (event) => {
    steps.take(event);
    start.emit(event);
  };
  let verdict = 'end' as FailureVerdict;
  const onFailure = async (failure: { step: string; error: unknown }): Promise<'retry' | 'end'> => {
    if (ask === undefined) return 'end';
    verdict = await askAboutFailure(
      { ...failure, step: describeStep(failure.step, steps) },
      { ...start, ...chosen, ask },
    );
    return verdict === 'retry' ? 'retry' : 'end';
  };
  const outcome = await runSequence(sequence, { ...start, ...chosen, journal, emit, onFailure });

  const seconds = secondsSince(journal.memory.begin, now());
  const windows = windowsOf(journal, machine);
  if (outcome.continues !== undefined) {
    await leavePartOfLog({ ...start, windows }, now());
    return { outcome, menu: false, seconds, logs: [] };
  }
  if (outcome.error !== undefined && isInterrupted(start.signal)) await leaveState(journal, start);
  else await removeState(journal, start);
  const result = resultOf({
    ...chosen,
    begin: journal.memory.begin,
    ended: now(),
    steps: steps.results(sequence, journal.memory),
    failed: steps.failed,
    error: outcome.error,
  });
  const logs = await leaveResults({ ...start, ...chosen, result, windows });
  if (outcome.error === undefined) await runPostAction({ ...start, variables });
  return { outcome: decided(outcome, verdict), menu: verdict === 'menu', seconds, logs };
}

function describeStep(title: string, { last }: StepRecord): string {
  // What has failed may be a group, whose condition could not be evaluated.
  return last?.name === title ? `${last.index} of ${last.of}, ${last.name} (${last.type})` : title;
}

/** Where the state lies, where that has a path that programs can use. */
function dataFolderOf({ place }: Journal): string | undefined {
  const letter = /^([A-Z]):\\?$/.exec(place ?? '')?.[1];
  return letter === undefined ? undefined : `${letter}:\\${STATE_FOLDER}`;
}

/** The Windows that was deployed; else the one that runs. */
function windowsOf(journal: Journal, { operatingSystem }: Machine): TargetVolume | undefined {
  const deployed = (journal.memory.state as RunState).target?.windows;
  if (deployed !== undefined || operatingSystem === undefined) return deployed;
  const device = `${operatingSystem.systemDrive}\\`;
  return { name: 'Windows', role: 'primary', device, number: 0, startBytes: 0, bytes: 0, fileSystem: 'ntfs' };
}

/** As after a cut: the next start can go on. */
async function leaveState(journal: Journal, { log }: Start): Promise<void> {
  if (journal.place !== undefined) log('info', `the state of the run stays on ${journal.place}`);
  await journal.close();
}

async function removeState(journal: Journal, { log }: Start): Promise<void> {
  try {
    await journal.remove();
  } catch (error) {
    log('warning', `the state of the run stays on ${journal.place}: ${messageOf(error)}`);
  }
}

function decided(outcome: RunOutcome, verdict: FailureVerdict): RunOutcome {
  if (outcome.error === undefined || (verdict !== 'restart' && verdict !== 'shutdown')) return outcome;
  return { action: verdict, error: outcome.error };
}

/** An error as the last event has it: the code apart, and under the message where, what was said, and what to do. */
export function describeError(error: unknown): { code?: string; error: string } {
  const message = error instanceof Error ? error.message : String(error);
  if (isMediasmithError(error))
    return { code: error.code, error: [message, error.where, ...error.lines, error.hint].filter(Boolean).join('\n') };
  return { error: error instanceof Error ? (error.stack ?? message) : message };
}
