import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMediasmithError, MediasmithError } from '../../runtime/contract/errors.ts';
import type { Sequence } from '../../runtime/sequence/schema.ts';
import { newSequence } from '../templates.ts';
import { disableMissing, repeatDriverStep } from './adapt-sequence.ts';
import type { ProjectAnswers, SequenceAnswer } from './answers.ts';
import type { ProjectSequenceFile } from './project-file.ts';
import { withSchemaFrom } from './schema-line.ts';

export type ProjectSequenceText = ProjectSequenceFile & { text: string };

/** The file of a sequence with this id would be media.yaml. */
const ID_OF_PROJECT = 'media';

/** The sequences of a project in `folder`, as they go into their files. `USAGE` where two have the same id. */
export async function projectSequences(answers: ProjectAnswers, folder: string): Promise<ProjectSequenceText[]> {
  const sequences: ProjectSequenceText[] = [];
  for (const answer of answers.sequences) {
    const { text, sequence } = await draftSequence(answer);
    const { id } = sequence;
    if (id === ID_OF_PROJECT) {
      const message = `a sequence with the id "${id}" would lie in the file of the project, ${id}.yaml`;
      throw new MediasmithError('USAGE', message, { hint: 'Give it another id.' });
    }
    if (sequences.some((other) => other.id.toLowerCase() === id.toLowerCase())) {
      throw new MediasmithError('USAGE', `two sequences have the id "${id}"`, { hint: 'Give one of them another id.' });
    }
    sequences.push({ file: `${id}.yaml`, id, answer, text: withSchemaFrom(folder, adapt(text, answer, answers)) });
  }
  return sequences;
}

/** A template with its values. `USAGE` and `SEQUENCE_INVALID` as {@link newSequence}. */
export async function draftSequence({
  template,
  values,
}: SequenceAnswer): Promise<{ text: string; sequence: Sequence }> {
  const folder = await mkdtemp(join(tmpdir(), 'mediasmith-'));
  try {
    const out = join(folder, 'sequence.yaml');
    const { sequence } = await newSequence(template, { out, values: new Map(Object.entries(values)) });
    return { text: await readFile(out, 'utf8'), sequence };
  } catch (error) {
    throw asAnswered(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Without the flag of the command that writes a single sequence. */
function asAnswered(error: unknown): unknown {
  if (!isMediasmithError(error)) return error;
  const { code, message, lines, problems, where, cause, hint } = error;
  return new MediasmithError(code, message.replace(/^--set /, ''), {
    ...{ lines, problems },
    ...(hint !== undefined && { hint: hint.replace('the values after --set', 'the values') }),
    ...(where !== undefined && { where }),
    ...(cause !== undefined && { cause }),
  });
}

function adapt(text: string, { values }: SequenceAnswer, { bootEnvironment, images, drivers }: ProjectAnswers): string {
  const own = values.drivers === drivers[0]?.name ? drivers : [];
  return disableMissing(repeatDriverStep(text, own), {
    platform: bootEnvironment,
    images: images.map(({ name }) => name),
    packages: drivers.map(({ name }) => name),
    applications: [],
    upgradePackages: values.upgradePackage === undefined ? [] : [values.upgradePackage],
    variables: [],
    sequences: undefined,
  });
}
