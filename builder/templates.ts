import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MediasmithError } from '../runtime/contract/errors.ts';
import type { StepNeeds } from '../runtime/contract/step.ts';
import { enabledPlaces, stepsOf } from '../runtime/sequence/analysis/places.ts';
import { closest } from '../runtime/sequence/closest.ts';
import { loadSequence } from '../runtime/sequence/load.ts';
import { definitionOf, type Sequence } from '../runtime/sequence/schema.ts';
import { fillIn, parametersOf, type TemplateParameter } from './template-parameters.ts';

const FOLDER = fileURLToPath(new URL('../templates/sequences', import.meta.url));
const SCHEMA = fileURLToPath(new URL('../docs/reference/sequence.schema.json', import.meta.url));

export type Template = { name: string; title: string; description: string; parameters: TemplateParameter[] };

/** The content that the steps of a sequence take from the medium, by kind; what is disabled needs nothing. */
export type NeededContent = Required<Omit<StepNeeds, 'windowsRuntime' | 'network'>>;

/** Every sequence template, by name. */
export async function listTemplates(): Promise<Template[]> {
  return Promise.all(
    (await templateNames()).map(async (name) => {
      const text = await templateText(name);
      const { name: title, description = '' } = sequenceOf(text, `${name}.yaml`);
      return { name, title, description, parameters: parametersOf(text) };
    }),
  );
}

/**
 * Writes a template as a sequence of one's own, with its comments. `TEMPLATE_NOT_FOUND`; `OUTPUT_EXISTS` when `out` is
 * there; `USAGE` for parameters it does not have; `SEQUENCE_INVALID` when the values make no valid sequence of it.
 */
export async function newSequence(
  template: string,
  { out, values }: { out: string; values: ReadonlyMap<string, string> },
): Promise<{ sequence: Sequence; needs: NeededContent }> {
  const file = resolve(out);
  const text = withSchemaBeside(fillIn(await templateText(template), values), file);
  const sequence = sequenceOf(text, basename(file));
  await writeNew(file, text);
  return { sequence, needs: neededContent(sequence) };
}

async function templateNames(): Promise<string[]> {
  return (await readdir(FOLDER)).flatMap((file) => /^(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

async function templateText(name: string): Promise<string> {
  const names = await templateNames();
  if (names.includes(name)) return readFile(join(FOLDER, `${name}.yaml`), 'utf8');
  const near = closest(name, names);
  throw new MediasmithError('TEMPLATE_NOT_FOUND', `there is no template "${name}"`, {
    lines: names,
    hint: near === undefined ? 'Name one of these.' : `Did you mean "${near}"?`,
  });
}

function sequenceOf(text: string, file: string): Sequence {
  const { sequence, problems } = loadSequence(text, file);
  if (sequence !== undefined) return sequence;
  throw new MediasmithError('SEQUENCE_INVALID', 'the values given make no valid sequence of the template', {
    problems,
    hint: 'Correct the values after --set. Nothing was written.',
  });
}

/** Editors look for the schema from where the sequence is. */
function withSchemaBeside(text: string, file: string): string {
  return text.replace(/(?<=^# yaml-language-server: \$schema=).*$/m, () => relative(dirname(file), SCHEMA));
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') {
      await rm(file, { force: true }).catch(() => undefined);
      throw cause;
    }
    throw new MediasmithError('OUTPUT_EXISTS', `${file} is there already`, {
      where: file,
      hint: 'Name another file, or remove it: nothing is overwritten.',
      cause,
    });
  }
}

function neededContent({ steps }: Sequence): NeededContent {
  const needs = stepsOf(enabledPlaces(steps)).map(({ entry }) => definitionOf(entry).needs(entry as never));
  const names = (kind: keyof NeededContent) => [...new Set(needs.flatMap((need) => need[kind] ?? []))];
  return {
    images: names('images'),
    packages: names('packages'),
    applications: names('applications'),
    upgradePackages: names('upgradePackages'),
  };
}
