import { isMediasmithError } from '../contract/errors.ts';
import type { Machine } from '../contract/machine.ts';
import type { RunResult, StepResult } from '../contract/results.ts';
import { expandText, type Variables } from '../contract/variables.ts';
import { redactor } from '../host/exec.ts';
import type { Medium } from '../platform/platform.ts';
import type { Sequence } from '../sequence/schema.ts';
import type { Begin } from './journal/memory.ts';
import type { StepRecord } from './step-record.ts';

export type EndedRun = {
  begin: Begin;
  ended: Date;
  sequence: Sequence;
  medium: Medium;
  machine: Machine;
  variables: Variables;
  steps: readonly StepResult[];
  /** The step that has ended the sequence, where one has. */
  failed: StepRecord['last'];
  error: unknown;
};

/** What a run leaves behind, secrets masked in all its texts. Pure. */
export function resultOf({ begin, ended, sequence, medium, machine, variables, ...run }: EndedRun): RunResult {
  const logPassword = expandText(sequence.logPassword ?? '', variables);
  const hide = redactor([...variables.secrets(), logPassword]);
  const { make, model, serial, uuid, assetTag, macAddresses } = machine;
  const { steps, failed, error } = run;
  return {
    formatVersion: 1,
    run: begin.run,
    sequence: { id: sequence.id, name: sequence.name },
    medium: { id: medium.manifest.id, name: medium.manifest.name },
    machine: { name: computerName(machine, variables), make, model, serial, uuid, assetTag, macAddresses },
    started: begin.started,
    ended: ended.toISOString(),
    seconds: secondsSince(begin, ended),
    outcome: error === undefined ? 'succeeded' : 'failed',
    ...(error !== undefined && {
      ...(failed && { failedStep: { index: failed.index, name: hide(failed.name), type: failed.type } }),
      error: errorOf(error, hide),
    }),
    steps: steps.map(({ name, error: why, reason, ...step }) => ({
      ...step,
      name: hide(name),
      ...(why !== undefined && { error: hide(why) }),
      ...(reason !== undefined && { reason: hide(reason) }),
    })),
    variables: Object.fromEntries(
      variables
        .list()
        .filter(({ secret }) => !secret)
        .map(({ name, value }) => [name, hide(value)]),
    ),
  };
}

/** Whole seconds since a run was begun, by a clock that somebody may have set back meanwhile. */
export function secondsSince({ started }: Pick<Begin, 'started'>, now: Date): number {
  return Math.max(0, Math.round((now.getTime() - Date.parse(started)) / 1000));
}

/** `OSDComputerName`, or what the running Windows is called; empty where neither is known. */
function computerName(machine: Machine, variables: Variables): string {
  return variables.get('OSDComputerName') ?? machine.operatingSystem?.computerName ?? '';
}

function errorOf(error: unknown, hide: (text: string) => string): NonNullable<RunResult['error']> {
  const message = hide(error instanceof Error ? error.message : String(error));
  if (!isMediasmithError(error)) return { message, lines: [] };
  const { code, where, hint, lines, exitCode } = error;
  return {
    code,
    message,
    lines: lines.map(hide),
    ...(exitCode !== undefined && { exitCode }),
    ...(where !== undefined && { where: hide(where) }),
    ...(hint !== undefined && { hint: hide(hint) }),
  };
}
