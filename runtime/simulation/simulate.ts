import { MediasmithError } from '../contract/errors.ts';
import type { RecordedMachine } from '../contract/recorded-machine.ts';
import type { environmentOf, PlatformName } from '../contract/step.ts';
import { Variables } from '../contract/variables.ts';
import { machineName } from '../engine/earlier-run.ts';
import { Journal } from '../engine/journal/journal.ts';
import { mediumSeal } from '../engine/journal/seal.ts';
import { digestOf } from '../engine/load-sequences.ts';
import { machineVariables } from '../engine/machine-variables.ts';
import { redactEvent } from '../engine/redact-event.ts';
import { messageOf } from '../engine/report-failure.ts';
import { type RunOutcome, runSequence } from '../engine/run-sequence.ts';
import { redactor } from '../host/exec.ts';
import { simulatedExec } from '../platform/simulated/exec.ts';
import { type SimulatedWorld, simulatedPlatform } from '../platform/simulated/index.ts';
import { Recorder } from '../platform/simulated/recorder.ts';
import { SimulatedVolumes } from '../platform/simulated/volumes.ts';
import type { Sequence } from '../sequence/schema.ts';
import { Protocol, type SimulatedStep } from './protocol.ts';
import { SIMULATED_MEDIUM_ID, simulatedMedium } from './simulated-medium.ts';

export type Simulation = {
  /** With its children in their places. */
  sequence: Sequence;
  machine: RecordedMachine;
  variables: readonly { name: string; value: string; secret?: boolean }[];
  /** Exit codes by the names of the steps that shall fail. */
  failures: ReadonlyMap<string, number>;
  signal: AbortSignal;
};

export type SimulationResult = {
  result: 'succeeded' | 'failed';
  /** What the sequence has failed by: the step, or the group whose condition could not be evaluated; neither at the end. */
  failed?: { name?: string; reason: string };
  steps: SimulatedStep[];
  /** Secret values are masked. */
  variables: Record<string, string>;
};

/** A sequence that restarts more often than this is in a circle. */
const MOST_STARTS = 1000;

/**
 * Runs a sequence by the same engine on a machine that was recorded: what would happen, in order, and why.
 * `SIMULATION_FAILED` for a sequence that restarts without end.
 */
export async function simulate(simulation: Simulation): Promise<SimulationResult> {
  const { sequence, machine: recorded, failures, signal } = simulation;
  const journal = beginJournal(sequence, recorded);
  const recorder = new Recorder(failures, () => journal.memory.running?.attempt ?? 1);
  const exec = simulatedExec(recorder, recorded.programs);
  const world: SimulatedWorld = { recorded, recorder, exec, volumes: new SimulatedVolumes(recorder) };
  const variables = new Variables();
  for (const { name, value, secret } of simulation.variables) variables.set(name, value, { secret: secret === true });
  const protocol = new Protocol(recorder);
  const medium = simulatedMedium(sequence);
  let name: PlatformName = recorded.environment;
  let outcome: RunOutcome | undefined;
  let failed: string | undefined;
  for (let starts = 0; starts < MOST_STARTS && (outcome === undefined || outcome.continues !== undefined); starts++) {
    const platform = simulatedPlatform(world, name);
    const machine = await platform.inventory(medium);
    for (const [key, value] of machineVariables(machine, sequence, medium, name)) variables.set(key, value);
    outcome = await runSequence(sequence, {
      platform,
      exec,
      machine,
      medium,
      variables,
      journal,
      ask: undefined,
      logFile: 'smsts.log',
      emit: (event) => protocol.take(redactEvent(event, variables.secrets())),
      signal,
      wait: async () => signal.throwIfAborted(),
      afterStep: () => recorder.failWithoutCommand(),
      onFailure: async ({ step }) => {
        failed = step;
        return 'end';
      },
    });
    // The engine tells of an interruption as of a failure; here it is no answer at all.
    signal.throwIfAborted();
    if (outcome.continues !== undefined) name = platformIn(outcome.continues, recorded.environment);
    journal.record({ record: 'resumed' });
  }
  if (outcome?.continues !== undefined) {
    throw new MediasmithError('SIMULATION_FAILED', `the sequence restarts the machine more than ${MOST_STARTS} times`, {
      hint: 'Look for programs that end with 3010, and for SMSTSRebootRequested: no machine should be restarted so often.',
    });
  }
  const hide = redactor(variables.secrets());
  const error = outcome?.error;
  return {
    result: error === undefined ? 'succeeded' : 'failed',
    ...(error !== undefined && {
      failed: { ...(failed !== undefined && { name: failed }), reason: hide(messageOf(error)) },
    }),
    steps: protocol
      .steps(sequence.steps, journal.memory.ends)
      .map((step) => ({ ...step, writes: step.writes.map(hide) })),
    variables: Object.fromEntries(variables.list().map((variable) => [variable.name, hide(variable.value)])),
  };
}

function platformIn(environment: ReturnType<typeof environmentOf>, began: PlatformName): PlatformName {
  if (environment === 'full-os') return 'windows';
  return began === 'linux' ? 'linux' : 'winpe';
}

function beginJournal(sequence: Sequence, machine: RecordedMachine): Journal {
  const run = SIMULATED_MEDIUM_ID;
  const begin = {
    run,
    mediumId: SIMULATED_MEDIUM_ID,
    sequenceId: sequence.id,
    sequenceName: sequence.name,
    sequenceDigest: digestOf(sequence),
    machine: machineName(machine),
    started: '2000-01-01T00:00:00.000Z',
  };
  return Journal.begin(begin, mediumSeal(run, run));
}
