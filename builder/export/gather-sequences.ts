import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { loadSequence } from '../../runtime/sequence/load.ts';
import { definitionOf, flattenSteps, type Sequence } from '../../runtime/sequence/schema.ts';
import { readText } from '../config/read-text.ts';

export type GatheredSequence = { text: string; sequence: Sequence };
export type Gathered = { sequences: GatheredSequence[]; missing: string[] };

/** A sequence with all its children, however deep, out of the files beside it. Those that are not there are `missing`. */
export async function gatherSequences(file: string): Promise<Gathered> {
  const first = await read(file);
  const found = new Map([[first.sequence.id, first]]);
  const missing = new Set<string>();
  let beside: Map<string, GatheredSequence> | undefined;
  for (const { sequence } of found.values()) {
    for (const id of childrenOf(sequence)) {
      if (found.has(id) || missing.has(id)) continue;
      beside ??= await readBeside(file);
      const child = beside.get(id);
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
  if (sequence !== undefined) return { text, sequence };
  throw new MediasmithError('SEQUENCE_INVALID', `${file} is not a valid task sequence`, { where: file, problems });
}

/** The sequences of a folder by their ids. What is no sequence is none of ours. */
async function readBeside(file: string): Promise<Map<string, GatheredSequence>> {
  const folder = dirname(file);
  const sequences = new Map<string, GatheredSequence>();
  for (const name of (await readdir(folder)).sort()) {
    if (!/\.(ya?ml|json)$/i.test(name)) continue;
    const text = await readText(join(folder, name)).catch(() => undefined);
    const sequence = text === undefined ? undefined : loadSequence(text, name).sequence;
    if (text !== undefined && sequence !== undefined) sequences.set(sequence.id, { text, sequence });
  }
  return sequences;
}
