import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { topLevelKeys } from '../../runtime/sequence/document.ts';
import { loadSequence } from '../../runtime/sequence/load.ts';
import { definitionOf, flattenSteps, type Sequence } from '../../runtime/sequence/schema.ts';
import { readText } from '../config/read-text.ts';

export type GatheredSequence = { file: string; text: string; sequence: Sequence };
export type Gathered = { sequences: GatheredSequence[]; missing: string[] };

/** A sequence with all its children, however deep, out of the files beside it. Those that are not there are `missing`. */
export async function gatherSequences(file: string): Promise<Gathered> {
  const first = await read(file);
  const found = new Map([[first.sequence.id, first]]);
  const missing = new Set<string>();
  let beside: SequencesBeside | undefined;
  for (const { sequence } of found.values()) {
    for (const id of childrenOf(sequence)) {
      if (found.has(id) || missing.has(id)) continue;
      beside ??= await sequencesBeside(file);
      const child = beside.find(id);
      if (child === undefined) missing.add(id);
      else found.set(id, child);
    }
  }
  return { sequences: [...found.values()], missing: [...missing].sort() };
}

function childrenOf(sequence: Sequence): string[] {
  return flattenSteps(sequence.steps).flatMap((step) => definitionOf(step).child(step as never) ?? []);
}

async function read(file: string): Promise<GatheredSequence> {
  const text = await readText(file);
  const { sequence, problems } = loadSequence(text, file);
  if (sequence !== undefined) return { file, text, sequence };
  throw new MediasmithError('SEQUENCE_INVALID', `${file} is not a valid task sequence`, { where: file, problems });
}

export type SequencesBeside = {
  /** The sequence of an id. `SEQUENCE_INVALID` when several files have it: which one is meant nobody can tell. */
  find: (id: string) => GatheredSequence | undefined;
  /** The files that are no valid sequence, each with the first reason: one that is looked for may be among them. */
  invalid: readonly string[];
};

/** The sequences in the folder of a file. What is no sequence, or cannot be read, is none of ours. */
export async function sequencesBeside(file: string): Promise<SequencesBeside> {
  const folder = dirname(file);
  const sequences = new Map<string, GatheredSequence[]>();
  const invalid: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    if (!/\.(ya?ml|json)$/i.test(name)) continue;
    const text = await readText(join(folder, name)).catch(() => undefined);
    if (text === undefined || !topLevelKeys(text).includes('steps')) continue;
    const { sequence, problems } = loadSequence(text, name);
    if (sequence === undefined) invalid.push(`${name} is not a valid sequence: ${problems[0]?.message}`);
    else sequences.set(sequence.id, [...(sequences.get(sequence.id) ?? []), { file: name, text, sequence }]);
  }
  const find = (id: string): GatheredSequence | undefined => {
    const [found, ...others] = sequences.get(id) ?? [];
    if (others.length === 0) return found;
    throw new MediasmithError('SEQUENCE_INVALID', `several files beside ${file} have the id "${id}"`, {
      where: folder,
      lines: [found, ...others].flatMap((one) => one?.file ?? []),
      hint: 'Give each sequence an id of its own.',
    });
  };
  return { find, invalid };
}
