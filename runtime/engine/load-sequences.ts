import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../contract/errors.ts';
import type { Medium } from '../platform/platform.ts';
import { inlineChildren } from '../sequence/children.ts';
import type { Sequence } from '../sequence/schema.ts';
import { AnySequence } from '../sequence/versions.ts';
import { held } from './read-whole.ts';

export type Sequences = {
  /** In the order in which the medium has them. */
  ids: readonly string[];
  has: (id: string) => boolean;
  /** A sequence with its children in their places. */
  inlined: (id: string) => Sequence;
};

/** Every sequence of a medium. `SEQUENCE_INVALID` names the file that this version does not read. */
export async function loadSequences({ manifest, root }: Pick<Medium, 'manifest' | 'root'>): Promise<Sequences> {
  const documents = manifest.sequences.map(async ({ id, file }) => ({
    id,
    document: JSON.parse(held({ manifest }, file, await readFile(join(root, file))).toString('utf8')),
    where: file,
  }));
  return sequencesOf(await Promise.all(documents));
}

/** Sequences as they were read; `where` names each in an error. */
export function sequencesOf(documents: readonly { id: string; document: unknown; where: string }[]): Sequences {
  const sequences = new Map<string, Sequence>();
  for (const { id, document, where } of documents) {
    const result = AnySequence.safeParse(document);
    if (!result.success) {
      throw new MediasmithError('SEQUENCE_INVALID', `${where} is not a sequence this version reads`, {
        cause: result.error,
      });
    }
    sequences.set(id, result.data);
  }
  return {
    ids: [...sequences.keys()],
    has: (id) => sequences.has(id),
    inlined: (id) => {
      const sequence = sequences.get(id);
      if (sequence === undefined) throw new MediasmithError('SEQUENCE_INVALID', `the medium has no sequence "${id}"`);
      return inlineChildren(sequence, (child) => sequences.get(child));
    },
  };
}

/** What tells a sequence from every other, its children's changes included. */
export function digestOf(sequence: Sequence): string {
  return createHash('sha256').update(JSON.stringify(sequence)).digest('hex');
}
