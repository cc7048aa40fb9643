import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { Sequence } from '../../runtime/sequence/schema.ts';
import { newSequence } from '../templates.ts';
import { disableMissing, repeatDriverStep } from './adapt-sequence.ts';
import type { ProjectAnswers, SequenceAnswer } from './answers.ts';
import type { ProjectSequenceFile } from './project-file.ts';
import { withSchemaFrom } from './schema-line.ts';

export type ProjectSequenceText = ProjectSequenceFile & { text: string };

/** The sequences of a project in `folder`, as they go into their files. `USAGE` where two have the same id. */
export async function projectSequences(answers: ProjectAnswers, folder: string): Promise<ProjectSequenceText[]> {
  const sequences: ProjectSequenceText[] = [];
  for (const answer of answers.sequences) {
    const { text, sequence } = await draftSequence(answer);
    const { id } = sequence;
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
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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
