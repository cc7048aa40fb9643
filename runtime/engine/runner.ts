import type { Emit } from '../contract/events.ts';
import type { ConditionFacts } from '../contract/facts.ts';
import type { Machine } from '../contract/machine.ts';
import type { ManifestImage } from '../contract/manifest.ts';
import type { Environment, StepNeeds } from '../contract/step.ts';
import type { Variables } from '../contract/variables.ts';
import type { Exec } from '../host/exec.ts';
import type { Medium, Platform } from '../platform/platform.ts';
import type { Verdict } from '../sequence/condition.ts';
import { definitionOf, type Sequence, type Step, titleOf } from '../sequence/schema.ts';
import type { Ask, RestartNotice, RunState } from '../steps/context.ts';
import type { Journal } from './journal/journal.ts';
import type { Numbers } from './number-steps.ts';

export type RunServices = {
  platform: Platform;
  exec: Exec;
  machine: Machine;
  medium: Medium;
  variables: Variables;
  journal: Journal;
  ask: Ask | undefined;
  logFile: string;
  emit: Emit;
  signal: AbortSignal;
  /** Waits; a simulation does not. */
  wait: (seconds: number, signal: AbortSignal) => Promise<void>;
  /** Is told what a condition has said. `entry`: its number in the journal. */
  onCondition?: (entry: number, verdict: Verdict) => void;
  /** Looks at a step that has just done its deed, and may have it fail. */
  afterStep?: () => void;
  /** What to do about a step that has ended the sequence: try it again, or let it be. Absent: let it be. */
  onFailure?: (failure: Failure) => Promise<'retry' | 'end'>;
};

export type Failure = { step: string; error: unknown };

/** A sequence that is being run. */
export type Runner = {
  sequence: Sequence;
  services: RunServices;
  numbers: Numbers;
  facts: ConditionFacts;
  images: () => ManifestImage[];
  state: RunState;
  /** The last step that ran, or would have if its condition could have been evaluated. */
  lastStep: { step: Step; entry: number } | undefined;
  /** What has failed last: a step, or a group whose condition could not be evaluated. */
  failed: { title: string; entry: number } | undefined;
};

/** A restart that a step has asked for. `notice`: what the step itself says of it. */
export type Restart = {
  into: Environment;
  carriesOver: boolean;
  by: 'restart' | 'shutdown';
  notice?: RestartNotice | undefined;
};

/**
 * How a list of entries ended: `restart` stops everything that would follow, `failed` carries the reason upward. `known`: the
 * step that had failed before this start.
 */
export type End = { kind: 'done' } | ({ kind: 'restart' } & Restart) | { kind: 'failed'; error: unknown; known?: Step };

const KINDS = ['images', 'packages', 'applications', 'upgradePackages'] as const;

export type NeededContent = Record<(typeof KINDS)[number], string[]> & { windowsRuntime: boolean };

/** What steps take from the medium, all together, each name once. */
export function neededBy(steps: Iterable<Step>): NeededContent {
  const needs = [...steps].map((step): StepNeeds => definitionOf(step).needs(step as never));
  const namesOf = (kind: (typeof KINDS)[number]): string[] => [...new Set(needs.flatMap((need) => need[kind] ?? []))];
  return {
    images: namesOf('images'),
    packages: namesOf('packages'),
    applications: namesOf('applications'),
    upgradePackages: namesOf('upgradePackages'),
    windowsRuntime: needs.some(({ windowsRuntime }) => windowsRuntime === true),
  };
}

/** What events say of a step. */
export function aboutStep(step: Step, { numbers }: Pick<Runner, 'numbers'>) {
  return { index: numbers.steps.get(step) ?? 0, of: numbers.steps.size, name: titleOf(step), type: step.step };
}
