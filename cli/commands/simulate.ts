import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readText } from '../../builder/config/read-text.ts';
import { MediasmithError, type Problem } from '../../runtime/contract/errors.ts';
import { RecordedMachine } from '../../runtime/contract/recorded-machine.ts';
import { inlineChildren } from '../../runtime/sequence/children.ts';
import { closest } from '../../runtime/sequence/closest.ts';
import { checkDocument } from '../../runtime/sequence/document.ts';
import { loadSequence } from '../../runtime/sequence/load.ts';
import { flattenSteps, type Sequence, titleOf } from '../../runtime/sequence/schema.ts';
import { differences, Expectation } from '../../runtime/simulation/expectation.ts';
import { type SimulationResult, simulate as simulateSequence } from '../../runtime/simulation/simulate.ts';
import type { CommandResult, Session } from '../session.ts';

export type SimulateOptions = {
  machine: string;
  fail?: readonly string[];
  variable?: readonly string[];
  expect?: string;
};

/** Runs a sequence on a recorded machine and says what would happen. Exit code 4 when that is not what was expected. */
export async function simulate({ signal }: Session, file: string, options: SimulateOptions): Promise<CommandResult> {
  const sequence = await withChildren(await readSequence(file), file);
  const result = await simulateSequence({
    sequence,
    machine: await readChecked(RecordedMachine, options.machine, 'MACHINE_INVALID'),
    variables: (options.variable ?? []).map((text) => ({ ...pair(text, '--variable'), secret: false })),
    failures: failuresOf(options.fail ?? [], sequence),
    signal,
  });
  if (options.expect === undefined) return { document: result, text: describeSimulation(result) };
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
  const siblings = new Map<string, Sequence>();
  const visit = (): Sequence => inlineChildren(sequence, (id) => siblings.get(id));
  if (!JSON.stringify(sequence.steps).includes('"run-sequence"')) return visit();
  for (const name of await readdir(dirname(resolve(file)))) {
    if (!/\.(ya?ml|json)$/i.test(name)) continue;
    const path = join(dirname(resolve(file)), name);
    const child = loadSequence(await readText(path), path).sequence;
    if (child !== undefined) siblings.set(child.id, child);
  }
  return visit();
}

async function readChecked<T>(
  schema: Parameters<typeof checkDocument<T>>[0],
  file: string,
  code: 'MACHINE_INVALID' | 'PROJECT_INVALID',
): Promise<T> {
  const { value, problems } = checkDocument(schema, await readText(file), file, code);
  if (value !== undefined) return value;
  throw new MediasmithError(code, `${file} cannot be used`, { problems, where: file });
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
  throw new MediasmithError('USAGE', `${option} ${text}: a name, =, and a value are needed`);
}

function failuresOf(texts: readonly string[], { steps }: Sequence): Map<string, number> {
  const names = new Set(flattenSteps(steps).map(titleOf));
  return new Map(
    texts.map((text) => {
      const { name, value } = pair(text, '--fail');
      if (!/^-?\d+$/.test(value)) throw new MediasmithError('USAGE', `--fail ${text}: ${value} is not an exit code`);
      if (names.has(name)) return [name, Number(value)];
      const near = closest(name, names);
      throw new MediasmithError('USAGE', `--fail ${text}: the sequence has no step "${name}"`, {
        ...(near !== undefined && { hint: `Did you mean "${near}"?` }),
      });
    }),
  );
}

const MARKS = { ran: 'ran     ', skipped: 'skipped ', failed: 'FAILED  ', disabled: 'disabled' } as const;

/** The protocol for a person. */
export function describeSimulation({ result, steps, variables }: SimulationResult): string {
  const lines = steps.flatMap((step) => [
    `${MARKS[step.outcome]}  ${step.name} (${step.type})`,
    ...(step.reason === '' ? [] : [`            ${step.reason}`]),
    ...step.commands.map((command) => `          > ${command}`),
    ...step.writes.map((path) => `          + ${path}`),
  ]);
  const set = Object.entries(variables)
    .filter(([name]) => !name.startsWith('_'))
    .map(([name, value]) => `  ${name} = ${value}`);
  return `${[...lines, '', ...(set.length === 0 ? [] : ['Variables:', ...set, '']), `The sequence has ${result}.`].join('\n')}\n`;
}
