import { MediasmithError } from '../../runtime/contract/errors.ts';
import { checkDocument, editDocument } from '../../runtime/sequence/document.ts';
import { loadSequence } from '../../runtime/sequence/load.ts';
import { type Entry, isGroup, type Sequence } from '../../runtime/sequence/schema.ts';
import { BUNDLE, BundleManifest, sequencePath } from './bundle-manifest.ts';
import type { Import, ImportedSequence } from './import-sequences.ts';
import { Names } from './names.ts';
import type { ZipArchive } from './zip-reader.ts';

/** A zip that `sequence export` has written: its sequences, and where their content lies in it. */
export type Bundle = Import & { content: readonly string[] };

export function isBundle({ members }: ZipArchive): boolean {
  return members.some(({ path }) => path === BUNDLE.manifest);
}

/** Reads an exported sequence with its children. Ids that are `reserved` are given up for new ones, in calls as well. */
export async function readBundle(zip: ZipArchive, file: string, reserved: readonly string[]): Promise<Bundle> {
  const manifest = readManifest((await zip.read(BUNDLE.manifest)).toString('utf8'), file);
  const names = new Names();
  for (const id of reserved) names.unused(id);
  const ids = new Map(manifest.sequences.map(({ id }) => [id, names.of(id, id)]));
  const sequences: ImportedSequence[] = [];
  for (const { id } of manifest.sequences) sequences.push(await readOne(zip, file, id, ids));
  const kept = manifest.references.filter(({ content }) => content === undefined);
  return {
    sequences,
    toSupply: kept.map(({ kind, name }) => ({ kind, id: name, name })),
    passwords: manifest.blanked.map(({ step, field }) => ({ step, field })),
    content: [...new Set(manifest.references.flatMap(({ content }) => content ?? []))],
  };
}

async function readOne(
  zip: ZipArchive,
  file: string,
  id: string,
  ids: ReadonlyMap<string, string>,
): Promise<ImportedSequence> {
  const path = sequencePath(id);
  if (!zip.members.some((member) => member.path === path)) throw invalid(file, `${path} is missing in it`);
  const text = new TextDecoder('utf-8').decode(await zip.read(path));
  const { sequence, problems } = loadSequence(text, path);
  if (sequence === undefined) throw invalid(file, `${path} is not valid: ${problems[0]?.message}`);
  if (sequence.id !== id) throw invalid(file, `${path} calls itself "${sequence.id}"`);
  const edits = changedIds(sequence, ids);
  const steps = countSteps(sequence.steps);
  const newId = ids.get(id) ?? id;
  return {
    id: newId,
    text: edits.length === 0 ? text : editDocument(text, edits),
    report: {
      file: `${newId}.yaml`,
      name: sequence.name,
      steps,
      takenOver: steps,
      changed:
        newId === id ? [] : [{ step: sequence.name, type: 'sequence', what: `its id is ${newId}: there was a ${id}` }],
      leftOut: [],
    },
  };
}

type Edit = { path: PropertyKey[]; value: string };

function changedIds(sequence: Sequence, ids: ReadonlyMap<string, string>): Edit[] {
  const calls = (entries: readonly Entry[], path: PropertyKey[]): Edit[] =>
    entries.flatMap((entry, index) => {
      if (isGroup(entry)) return calls(entry.steps, [...path, index, 'steps']);
      return entry.step === 'run-sequence' ? [{ path: [...path, index, 'sequence'], value: entry.sequence }] : [];
    });
  const all: Edit[] = [{ path: ['id'], value: sequence.id }, ...calls(sequence.steps, ['steps'])];
  return all.flatMap(({ path, value }) => {
    const changed = ids.get(value);
    return changed === undefined || changed === value ? [] : [{ path, value: changed }];
  });
}

function countSteps(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + (isGroup(entry) ? countSteps(entry.steps) : 1), 0);
}

function readManifest(text: string, file: string): BundleManifest {
  const { value, problems } = checkDocument(BundleManifest, text, BUNDLE.manifest, 'IMPORT_INVALID');
  if (value === undefined) throw invalid(file, `${BUNDLE.manifest} is not valid: ${problems[0]?.message}`);
  return value;
}

function invalid(file: string, reason: string): MediasmithError {
  return new MediasmithError('IMPORT_INVALID', `${file} is not taken: ${reason}`, {
    where: file,
    hint: 'Export the sequence again.',
  });
}
