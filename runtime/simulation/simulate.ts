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
import { linesOf, messageOf } from '../engine/report-failure.ts';
import { type RunOutcome, runSequence } from '../engine/run-sequence.ts';
import { redactor } from '../host/exec.ts';
import { simulatedExec } from '../platform/simulated/exec.ts';
import { simulatedPlatform } from '../platform/simulated/index.ts';
import { mediumPlace } from '../platform/simulated/medium-place.ts';
import { type Deed, Recorder } from '../platform/simulated/recorder.ts';
import { SimulatedVolumes } from '../platform/simulated/volumes.ts';
import type { SimulatedWorld } from '../platform/simulated/world.ts';
import type { Sequence } from '../sequence/schema.ts';
import { type Deeds, deedsOf, Protocol, type SimulatedStep, withLines } from './protocol.ts';
import { filesOfPackage, SIMULATED_MEDIUM_ID, simulatedManifest } from './simulated-medium.ts';
import { finishSetup } from './windows-setup.ts';

export type Simulation = {
  /** With its children in their places. */
  sequence: Sequence;
  machine: RecordedMachine;
  variables: readonly { name: string; value: string; secret?: boolean }[];
  /** Exit codes by the names of the steps that shall fail. */
  failures: ReadonlyMap<string, number>;
  /** The steps whose upgrade of Windows is rolled back, by name. */
  rollbacks?: ReadonlySet<string>;
  signal: AbortSignal;
};

export type SimulationResult = {
  result: 'succeeded' | 'failed';
  /** What the sequence has failed by: the step, or the group whose condition could not be evaluated; neither at the end. */
  failed?: { name?: string; reason: string };
  steps: SimulatedStep[];
  /** What is done when the last step has ended: the disk is made to start, and the machine left. */
  ending: Deeds;
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
  const { sequence, machine: recorded, failures, rollbacks, signal } = simulation;
  const journal = beginJournal(sequence, recorded);
  const recorder = new Recorder(failures, () => journal.memory.running?.attempt ?? 1);
  const exec = simulatedExec(recorder, recorded.programs);
  const variables = new Variables();
  for (const { name, value, secret } of simulation.variables) variables.set(name, value, { secret: secret === true });
  const protocol = new Protocol(recorder);
  const manifest = simulatedManifest(sequence, recorded);
  const world: SimulatedWorld = {
    ...{ recorded, recorder, exec, deployed: false, staged: undefined },
    volumes: new SimulatedVolumes(recorder),
    filesOfPackage: (index) => filesOfPackage(index, manifest, recorded),
  };
  let name = whereItStarts(sequence, recorded);
  if (name === undefined) return notStarted(simulation, protocol);
  let running = '';
  let outcome: RunOutcome | undefined;
  let failed: string | undefined;
  for (let starts = 0; starts < MOST_STARTS && (outcome === undefined || outcome.continues !== undefined); starts++) {
    const platform = simulatedPlatform(world, name);
    const medium = { ...mediumPlace(name, recorded), manifest };
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
      emit: (event) => {
        if (event.event === 'step-started') running = event.name;
        protocol.take(redactEvent(event, variables.secrets()));
      },
      onCondition: (entry, verdict) => protocol.takeCondition(entry, verdict),
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
    await platform.leave(outcome.action);
    if (outcome.continues !== undefined) {
      protocol.restarted();
      name = platformIn(outcome.continues, recorded.environment);
      finishSetup(world, variables, rollbacks?.has(running) === true);
    }
    journal.record({ record: 'resumed' });
  }
  if (outcome?.continues !== undefined) {
    throw new MediasmithError('SIMULATION_FAILED', `the sequence restarts the machine more than ${MOST_STARTS} times`, {
      hint: 'Look for programs that end with 3010, and for SMSTSRebootRequested: no machine should be restarted so often.',
    });
  }
  const hide = redactor(variables.secrets());
  const hideDeed = (deed: Deed): Deed =>
    'command' in deed ? { command: hide(deed.command) } : { write: hide(deed.write) };
  const error = outcome?.error;
  return {
    result: error === undefined ? 'succeeded' : 'failed',
    ...(error !== undefined && {
      failed: {
        ...(failed !== undefined && { name: failed }),
        reason: hide(withLines(messageOf(error), linesOf(error).lines)),
      },
    }),
    steps: protocol
      .steps(sequence.steps, journal.memory.ends, 'a step before it has failed, or has ended the sequence')
      .map((step) => ({
        ...{ ...step, reason: hide(step.reason), conditions: step.conditions.map(hide) },
        ...deedsOf(step.actions.map(hideDeed)),
      })),
    ending: deedsOf(recorder.take().map(hideDeed)),
    variables: Object.fromEntries(variables.list().map((variable) => [variable.name, hide(variable.value)])),
  };
}

/** A machine that has a Windows can be started from the medium all the same. */
function whereItStarts({ startsIn }: Sequence, machine: RecordedMachine): PlatformName | undefined {
  const { environment, operatingSystem } = machine;
  if (startsIn === 'any') return environment;
  if (startsIn === 'winpe') return environment === 'windows' ? 'winpe' : environment;
  return environment === 'windows' || operatingSystem !== undefined ? 'windows' : undefined;
}

/** No medium would offer it there. */
function notStarted({ sequence, variables }: Simulation, protocol: Protocol): SimulationResult {
  const reason = 'it is started in the running Windows, and this machine has none';
  return {
    result: 'failed',
    failed: { reason },
    steps: protocol.steps(sequence.steps, new Map(), reason),
    ending: deedsOf([]),
    variables: Object.fromEntries(
      variables.filter(({ secret }) => secret !== true).map(({ name, value }) => [name, value]),
    ),
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
