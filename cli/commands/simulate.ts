import { dirname, resolve } from 'node:path';
import { readText } from '../../builder/config/read-text.ts';
import { sequencesBeside } from '../../builder/export/gather-sequences.ts';
import { ERROR_CODES, isMediasmithError, MediasmithError, type Problem } from '../../runtime/contract/errors.ts';
import { RecordedMachine } from '../../runtime/contract/recorded-machine.ts';
import { WritableVariableName } from '../../runtime/contract/variables.ts';
import { inlineChildren } from '../../runtime/sequence/children.ts';
import { closest } from '../../runtime/sequence/closest.ts';
import { checkDocument } from '../../runtime/sequence/document.ts';
import { loadSequence } from '../../runtime/sequence/load.ts';
import { definitionOf, flattenSteps, type Sequence, type Step, titleOf } from '../../runtime/sequence/schema.ts';
import { differences, Expectation } from '../../runtime/simulation/expectation.ts';
import type { Deeds } from '../../runtime/simulation/protocol.ts';
import {
  type Simulation,
  type SimulationResult,
  simulate as simulateSequence,
} from '../../runtime/simulation/simulate.ts';
import type { CommandResult, Session } from '../session.ts';

export type SimulateOptions = {
  machine: string;
  fail?: readonly string[];
  variable?: readonly string[];
  expect?: string;
};

/**
 * Runs a sequence on a recorded machine and says what would happen. Exit code 5 when the sequence fails that nobody
 * has asked to fail; with an expectation 4 when something else happens.
 */
export async function simulate({ signal }: Session, file: string, options: SimulateOptions): Promise<CommandResult> {
  const sequence = await withChildren(await readSequence(file), file);
  const result = await simulateSequence({
    sequence,
    machine: await readChecked(RecordedMachine, options.machine, 'MACHINE_INVALID'),
    variables: (options.variable ?? []).map((text) => ({ ...variableOf(text), secret: false })),
    ...failuresOf(options.fail ?? [], sequence),
    signal,
  });
  if (options.expect === undefined) {
    const failed = result.result === 'failed' && options.fail === undefined;
    return { document: result, text: describeSimulation(result), exitCode: failed ? ERROR_CODES.SIMULATION_FAILED : 0 };
  }
  const expectation = await readChecked(Expectation, options.expect, 'PROJECT_INVALID');
  const lines = differences(expectation, result);
  if (lines.length === 0) return { document: result, text: `${file} does what ${options.expect} expects\n` };
  throw new MediasmithError('EXPECTATION_NOT_MET', `${file} does not do what ${options.expect} expects`, {
    lines,
    hint: 'Correct the sequence, or the expectation: "simulate --json" prints what happens now.',
  });
}

async function readSequence(file: string): Promise<Sequence> {
  const { sequence, problems } = loadSequence(await readText(file), file);
  if (sequence !== undefined) return sequence;
  throw invalid(file, problems);
}

/** Child sequences lie beside their parent. */
async function withChildren(sequence: Sequence, file: string): Promise<Sequence> {
  const calls = flattenSteps(sequence.steps).some((step) => definitionOf(step).child(step as never) !== undefined);
  const beside = calls ? await sequencesBeside(resolve(file)) : undefined;
  const missing = new Set<string>();
  try {
    return inlineChildren(sequence, (id) => {
      const found = beside?.find(id)?.sequence;
      if (found === undefined) missing.add(id);
      return found;
    });
  } catch (error) {
    if (!isMediasmithError(error) || missing.size === 0) throw error;
    throw new MediasmithError('SEQUENCE_INVALID', error.message, {
      where: dirname(resolve(file)),
      lines: beside?.invalid ?? [],
      hint: `Put the sequence with the id "${[...missing].join()}" beside ${file}.`,
    });
  }
}

async function readChecked<T>(
  schema: Parameters<typeof checkDocument<T>>[0],
  file: string,
  code: 'MACHINE_INVALID' | 'PROJECT_INVALID',
): Promise<T> {
  const { value, problems } = checkDocument(schema, await readGiven(file, code), file, code);
  if (value !== undefined) return value;
  throw new MediasmithError(code, `${file} cannot be used`, { problems, where: file });
}

async function readGiven(file: string, code: 'MACHINE_INVALID' | 'PROJECT_INVALID'): Promise<string> {
  try {
    return await readText(file);
  } catch (error) {
    if (!isMediasmithError(error) || error.code !== 'PROJECT_NOT_FOUND') throw error;
    const hint =
      code === 'MACHINE_INVALID'
        ? 'Name a recorded machine after --machine. Some that come with Mediasmith are in templates/machines.'
        : 'Name a file after --expect: what "simulate --json" has printed.';
    throw new MediasmithError(error.code, error.message, { where: file, hint, cause: error.cause });
  }
}

function invalid(file: string, problems: readonly Problem[]): MediasmithError {
  return new MediasmithError('SEQUENCE_INVALID', `${file} is not a sequence that can be run`, {
    problems,
    where: file,
  });
}

function pair(text: string, option: string): { name: string; value: string } {
  const equals = text.indexOf('=');
  if (equals > 0) return { name: text.slice(0, equals), value: text.slice(equals + 1) };
  throw new MediasmithError('USAGE', `${option} ${text}: a name, =, and a value are needed`, {
    hint: `Write ${option} "name=value".`,
  });
}

function variableOf(text: string): { name: string; value: string } {
  const variable = pair(text, '--variable');
  const [issue] = WritableVariableName.safeParse(variable.name).error?.issues ?? [];
  if (issue === undefined) return variable;
  const hint = variable.name.startsWith('_')
    ? 'What the engine knows of the machine is in the recorded machine: change it there.'
    : 'Give the variable another name.';
  throw new MediasmithError('USAGE', `--variable ${variable.name}: ${issue.message}`, { hint });
}

/** What `--fail` says instead of a code where Windows Setup shall end well at first and roll back after its restart. */
const ROLLBACK = 'rollback';

function failuresOf(texts: readonly string[], { steps }: Sequence): Pick<Simulation, 'failures' | 'rollbacks'> {
  const names = new Set(flattenSteps(steps).map(titleOf));
  const failures = new Map<string, number>();
  const rollbacks = new Set<string>();
  for (const text of texts) {
    // A name may have a = in it: the code stands behind the last one.
    const equals = text.lastIndexOf('=');
    const { name } = pair(text, '--fail');
    const step = names.has(text.slice(0, equals)) ? text.slice(0, equals) : name;
    if (!names.has(step)) {
      const near = closest(step, names);
      const hint = near === undefined ? 'Name a step as "simulate" prints it.' : `Did you mean "${near}"?`;
      throw new MediasmithError('USAGE', `--fail ${text}: the sequence has no step "${step}"`, { hint });
    }
    if (failures.has(step) || rollbacks.has(step)) {
      throw new MediasmithError('USAGE', `--fail ${text}: "${step}" is named twice`, {
        hint: 'Give one code for a step. Steps of the same name all fail with it.',
      });
    }
    const code = text.slice(equals + 1);
    if (code !== ROLLBACK) failures.set(step, exitCodeIn(code, text));
    else if (flattenSteps(steps).some((entry) => titleOf(entry) === step && canRollBack(entry))) rollbacks.add(step);
    else {
      throw new MediasmithError('USAGE', `--fail ${text}: "${step}" upgrades no Windows that could be rolled back`, {
        hint: 'Give an exit code, or name a step that starts the upgrade.',
      });
    }
  }
  return { failures, rollbacks };
}

function canRollBack(step: Step): boolean {
  const definition = definitionOf(step);
  return (
    definition.sets(step as never).includes('_SMSTSSetupRollback') &&
    definition.continuesIn(step as never) !== undefined
  );
}

/** As Windows counts them: 32 bits, with or without a sign. */
function exitCodeIn(code: string, text: string): number {
  const number = /^(-?\d+|0x[0-9a-f]{1,8})$/i.test(code) ? Number(code) : Number.NaN;
  if (number >= -(2 ** 31) && number < 2 ** 32 && number !== 0) return number;
  const reason = number === 0 ? '0 means success' : `${code === '' ? 'nothing' : code} is not an exit code`;
  throw new MediasmithError('USAGE', `--fail ${text}: ${reason}`, {
    hint: 'Give a number other than 0: 5, -1 or 0x80070005; or rollback, for an upgrade of Windows.',
  });
}

const MARKS = { ran: 'ran     ', skipped: 'skipped ', failed: 'FAILED  ', disabled: 'disabled' } as const;

/** The protocol for a person. */
function describeSimulation({ result, failed, steps, ending, variables }: SimulationResult): string {
  const lines = steps.flatMap((step, index) => [
    ...newConditions(step.conditions, steps[index - 1]?.conditions ?? []).map((line) => `if        ${line}`),
    `${MARKS[step.outcome]}  ${step.name} (${step.type})`,
    ...(step.reason === '' ? [] : [`            ${step.reason}`]),
    ...describeDeeds(step),
  ]);
  const set = Object.entries(variables)
    .filter(([name]) => !name.startsWith('_'))
    .map(([name, value]) => `  ${name} = ${value}`);
  const known = steps.some(({ name, outcome }) => outcome === 'failed' && name === failed?.name);
  const by =
    failed === undefined || known
      ? []
      : [`${failed.name === undefined ? 'The sequence' : `"${failed.name}"`}: ${failed.reason}`, ''];
  const values = set.length === 0 ? [] : ['Variables:', ...set, ''];
  const end = ending.actions.length === 0 ? [] : ['', 'In the end:', ...describeDeeds(ending)];
  return `${[...lines, ...end, '', ...values, ...by, `The sequence has ${result}.`].join('\n')}\n`;
}

/** Those that a reader has not just read for the step before. */
function newConditions(conditions: readonly string[], before: readonly string[]): string[] {
  const from = conditions.findIndex((condition, index) => condition !== before[index]);
  return from < 0 ? [] : conditions.slice(from);
}

/** `>` runs, `+` writes. */
function describeDeeds({ actions }: Deeds): string[] {
  return actions.map((action) => `          ${'command' in action ? `> ${action.command}` : `+ ${action.write}`}`);
}
