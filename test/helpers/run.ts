import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { RunEvent } from '../../runtime/contract/events.ts';
import type { Machine } from '../../runtime/contract/machine.ts';
import type { Manifest } from '../../runtime/contract/manifest.ts';
import type { PlatformName } from '../../runtime/contract/step.ts';
import { Variables } from '../../runtime/contract/variables.ts';
import { Journal } from '../../runtime/engine/journal/journal.ts';
import { mediumSeal } from '../../runtime/engine/journal/seal.ts';
import { type RunOutcome, runSequence } from '../../runtime/engine/run-sequence.ts';
import type { RunServices } from '../../runtime/engine/runner.ts';
import type { Exec } from '../../runtime/host/exec.ts';
import type { MountedMedium } from '../../runtime/platform/platform.ts';
import { inlineChildren } from '../../runtime/sequence/children.ts';
import { Sequence } from '../../runtime/sequence/schema.ts';
import { writeFakeMedium } from './fake-medium.ts';
import { FakePlatform } from './fake-platform.ts';
import { aMachine } from './machine.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Programs of a test: `fail` fails, every other word is noted and ends well. */
export function scriptedExec(ran: string[]): Exec {
  return async ([program, ...args]) => {
    ran.push([program, ...args].join(' '));
    if (program === 'fail') throw new MediasmithError('TOOL_FAILED', `${ran.at(-1)} ended with exit code 1`);
    return { exitCode: 0, stdout: '', stderr: '' };
  };
}

export type RunWish = {
  journal?: Journal;
  onFailure?: RunServices['onFailure'];
  exec?: Exec;
  machine?: Machine;
  platformName?: PlatformName;
  variables?: Variables;
  signal?: AbortSignal;
  logFile?: string;
  end?: string;
  startsIn?: Sequence['startsIn'];
  /** What the medium holds, where not what `writeFakeMedium` gives it. */
  manifest?: Partial<Manifest>;
  /** Where the medium lies, where that matters. */
  medium?: Partial<MountedMedium>;
  /** The steps of other sequences, by their ids. */
  children?: Readonly<Record<string, readonly object[]>>;
  /** Makes the platform another. */
  change?: (platform: FakePlatform) => void;
};

export type Ran = {
  outcome: RunOutcome;
  /** The command lines of `scriptedExec`. */
  ran: string[];
  events: RunEvent[];
  variables: Variables;
  platform: FakePlatform;
  /** The seconds of each wait. */
  waited: number[];
  /** Holds medium, volumes and log. */
  folder: string;
};

/** The journal of a run that nobody has begun before. */
export function aJournal(): Journal {
  const run = '11111111-1111-4111-8111-111111111111';
  const begin = {
    run,
    mediumId: 'medium',
    sequenceId: 'test',
    sequenceName: 'Test',
    sequenceDigest: 'digest',
    machine: 'SN1',
    started: '2026-01-01T00:00:00.000Z',
  };
  return Journal.begin(begin, mediumSeal('digest', run));
}

/** Runs steps on a fake platform from a fake medium. */
export async function runSteps(steps: readonly object[], wish: RunWish = {}): Promise<Ran> {
  const folder = await temporaryFolder();
  const machine = wish.machine ?? aMachine();
  const platform = new FakePlatform(folder, { machine, ...(wish.platformName && { name: wish.platformName }) });
  wish.change?.(platform);
  const manifest = await writeFakeMedium(folder, [], wish.manifest);
  const logFile = wish.logFile ?? join(folder, 'smsts.log');
  await writeFile(join(folder, 'smsts.log'), 'the log');
  const { end: onFailure = 'shell', startsIn = 'winpe' } = wish;
  const ran: string[] = [];
  const events: RunEvent[] = [];
  const waited: number[] = [];
  const variables = wish.variables ?? new Variables();
  const sequence = (id: string, list: readonly object[]) =>
    Sequence.parse({ formatVersion: 2, id, name: 'Test', startsIn, onFailure, steps: list });
  const children = new Map(Object.entries(wish.children ?? {}).map(([id, list]) => [id, sequence(id, list)]));
  const whole = inlineChildren(sequence('test', steps), (id) => children.get(id));
  const outcome = await runSequence(whole, {
    platform,
    exec: wish.exec ?? scriptedExec(ran),
    machine,
    medium: { ...(await platform.findMedium(manifest.id)), ...wish.medium, manifest },
    variables,
    journal: wish.journal ?? aJournal(),
    ask: undefined,
    logFile,
    emit: (event) => events.push(event),
    signal: wish.signal ?? new AbortController().signal,
    wait: async (seconds) => void waited.push(seconds),
    ...(wish.onFailure !== undefined && { onFailure: wish.onFailure }),
  });
  return { outcome, ran, events, variables, platform, waited, folder };
}

/** `run-command-line` that notes a word. */
export function note(word: string, more: object = {}): object {
  return { step: 'run-command-line', name: word, command: ['note', word], ...more };
}

/** `run-command-line` that fails. */
export function fail(word: string, more: object = {}): object {
  return { step: 'run-command-line', name: word, command: ['fail', word], ...more };
}

/** The steps that have ended and how: `name outcome`. */
export function outcomes(events: readonly RunEvent[]): string[] {
  return events.flatMap((event) => (event.event === 'step-finished' ? [`${event.name} ${event.outcome}`] : []));
}
