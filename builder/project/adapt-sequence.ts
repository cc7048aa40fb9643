import { type KnownContent, loadSequence } from '../../runtime/sequence/load.ts';
import type { DriverAnswer } from './answers.ts';
import { scalar } from './yaml-text.ts';

/** Steps without which the rest of their group must not run either. */
const WHOLE_GROUP = /- step: (capture|restore)-user-state$/;

/**
 * Disables what uses a package or an application that the project does not have, each with a word why. The text otherwise
 * stays as it is, so that it can be enabled again when the content is there. A missing image stays an error.
 */
export function disableMissing(text: string, known: KnownContent): string {
  const { problems } = loadSequence(text, 'sequence', known);
  const lines = text.split('\n');
  const missing = new Map<number, string>();
  for (const { line, message } of problems) {
    const step = entryAbove(lines, line - 1, /^ *- step: /);
    const name = /uses "([^"]+)", which is not among the (packages|applications) of the project$/.exec(message);
    if (step === undefined || name === null) continue;
    const group = WHOLE_GROUP.test(lines[step] ?? '') ? enclosingGroup(lines, step) : undefined;
    missing.set(group ?? step, `media.yaml has no "${name[1]}" among its ${name[2]} yet`);
  }
  return lines
    .flatMap((line, index) => {
      const why = missing.get(index);
      return why === undefined ? [line] : [line, `${' '.repeat(indentOf(line) + 2)}enabled: false # ${why}`];
    })
    .join('\n');
}

/** Puts a step for each driver package in the place of the one that applies the first of them. */
export function repeatDriverStep(text: string, drivers: readonly DriverAnswer[]): string {
  const [first, ...others] = drivers;
  if (first === undefined) return text;
  const lines = text.split('\n');
  const names = lines.findIndex((line) =>
    new RegExp(`^ +package: ${RegExp.escape(scalar(first.name))}( #|$)`).test(line),
  );
  const start = names < 0 ? undefined : entryAbove(lines, names, /^ *- step: apply-driver-package$/);
  if (start === undefined) return text;
  const step = lines.slice(start, names + 1);
  const replaced = others.map((driver) => step.map((line) => forDriver(line, driver)));
  return [
    ...lines.slice(0, start),
    ...[first, ...others].flatMap((driver, index) => named(replaced[index - 1] ?? step, driver)),
    ...lines.slice(names + 1),
  ].join('\n');
}

function named(step: readonly string[], { name }: DriverAnswer): string[] {
  return step.map((line) => line.replace(/^( +name: ).*$/, (_, head: string) => `${head}${scalar(`Drivers ${name}`)}`));
}

function forDriver(line: string, { name, model }: DriverAnswer): string {
  return line
    .replace(/^( +package: ).*$/, (_, head: string) => `${head}${scalar(name)}`)
    .replace(/^( +value: ).*$/, (_, head: string) => `${head}${scalar(model)}`);
}

/** The nearest line at or above `from` that begins an entry with less indent than what it holds. */
function entryAbove(lines: readonly string[], from: number, entry: RegExp): number | undefined {
  for (let index = from; index >= 0; index--) if (entry.test(lines[index] ?? '')) return index;
  return undefined;
}

function enclosingGroup(lines: readonly string[], step: number): number | undefined {
  const indent = indentOf(lines[step] ?? '');
  for (let index = step; index >= 0; index--) {
    const line = lines[index] ?? '';
    if (/^ *- group: /.test(line) && indentOf(line) < indent) return index;
  }
  return undefined;
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
