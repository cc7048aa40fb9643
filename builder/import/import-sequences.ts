import { MediasmithError } from '../../runtime/contract/errors.ts';
import { type Remark, writeDocument } from '../../runtime/sequence/document.ts';
import { loadSequence } from '../../runtime/sequence/load.ts';
import { AnySequence } from '../../runtime/sequence/versions.ts';
import { renameGathered } from './gathered-variables.ts';
import { mapEntries, type PlainEntry, type Shared } from './map-sequence.ts';
import type { PlainFields } from './mapping.ts';
import { moveBehindImage } from './mdt/behind-image.ts';
import { mdtStart } from './mdt/start.ts';
import { countSteps, type SourceFile, type SourceSequence } from './model.ts';
import { Names } from './names.ts';
import { repairPlaces } from './repair-places.ts';
import type { ImportReport, SequenceReport } from './report.ts';

/** A sequence of ours as text, and what became of it. The file's name is its id with `.yaml`. */
export type ImportedSequence = { id: string; text: string; report: SequenceReport };

export type Import = { sequences: ImportedSequence[] } & Pick<ImportReport, 'toSupply' | 'passwords'>;

/**
 * Every sequence of a file in our words. Pure: nothing is written. Each document is valid, which is checked here. No
 * sequence gets an id that is `reserved`.
 */
export function importSequences(source: SourceFile, where: string, reserved: readonly string[] = []): Import {
  const shared = shareNames(source, reserved);
  const sequences = source.sequences.map((sequence) => importOne(sequence, shared, where));
  return { sequences, toSupply: shared.toSupply, passwords: shared.passwords };
}

type Sharing = Shared & Pick<ImportReport, 'toSupply' | 'passwords'> & { idOf: (sequence: SourceSequence) => string };

function importOne(original: SourceSequence, shared: Sharing, where: string): ImportedSequence {
  const id = shared.idOf(original);
  const { sequence, renamed } = renameGathered(original);
  const name = titleOf(original.name) || id;
  const { entries, changed, leftOut, takenOver } = mapEntries(sequence.entries, shared);
  const start = mdtStart(sequence);
  const onWhole = [
    ...renamed.map((words) => `a variable that MDT gathers has its name here: ${words}`),
    ...(start === undefined ? [] : [start.remark]),
  ];
  const head = {
    formatVersion: 2,
    id,
    name,
    ...(original.description.trim() !== '' && { description: original.description.trim().slice(0, 255) }),
    // ConfigMgr and MDT start a sequence in either, and say nowhere in it in which.
    startsIn: 'any',
  };
  const documentOf = (steps: readonly PlainEntry[]): object => ({
    ...head,
    steps: steps.length === 0 ? [{ group: name, steps: [] }] : steps.map(plainEntry),
  });
  const parse = (steps: readonly PlainEntry[]) => AnySequence.safeParse(documentOf(steps)).data;
  const moved = moveBehindImage([...(start?.entries ?? []), ...entries]);
  const repaired = repairPlaces(moved.entries, parse);
  const text = writeDocument(documentOf(repaired.entries), remarksOf(repaired.entries, ['steps']));
  const file = `${id}.yaml`;
  refuseInvalid(text, file, where);
  const report: SequenceReport = {
    file,
    name: original.name || name,
    steps: countSteps(original.entries),
    takenOver,
    changed: [
      ...onWhole.map((what) => ({ step: name, type: 'sequence', what })),
      ...changed,
      ...moved.changed,
      ...repaired.changed,
    ],
    leftOut,
  };
  return { id, text, report };
}

/** Names that every sequence of the file uses for the same thing. */
function shareNames({ sequences, names }: SourceFile, reserved: readonly string[]): Sharing {
  const ids = new Names();
  for (const id of reserved) ids.unused(id);
  const contents = new Names();
  const toSupply: ImportReport['toSupply'] = [];
  const supplied = new Set<string>();
  const passwords: ImportReport['passwords'] = [];
  const keyOf = ({ id, name }: SourceSequence): string => id ?? name;
  const own = new Map<SourceSequence, string>();
  const keys = new Set<string>();
  for (const sequence of sequences) {
    const [key, wanted] = [keyOf(sequence), sequence.name || sequence.id || 'sequence'];
    // Two of the same id are two sequences all the same; calls mean the first.
    own.set(sequence, keys.has(key) ? ids.unused(wanted) : ids.of(key, wanted));
    keys.add(key);
  }
  return {
    toSupply,
    passwords,
    idOf: (sequence) => own.get(sequence) ?? ids.unused(sequence.name),
    password: (step, field) => void passwords.push({ step, field }),
    supply: (kind, id, known) => {
      // An id of zeros stands where the export had to drop the real one: the name tells such apart.
      const key = /^0*$/.test(id) ? `${id} ${known ?? ''}` : id;
      const wanted = names.get(id) ?? known ?? id;
      const name = kind === 'sequence' ? ids.of(id, wanted) : contents.of(key.toLowerCase(), wanted);
      if (kind === 'sequence' && keys.has(id)) return name;
      if (!supplied.has(`${kind} ${name}`)) toSupply.push({ kind, id, name });
      supplied.add(`${kind} ${name}`);
      return name;
    },
  };
}

function plainEntry({ fields, entries }: PlainEntry): PlainFields {
  return entries === undefined ? fields : { ...fields, steps: entries.map(plainEntry) };
}

function remarksOf(entries: readonly PlainEntry[], path: readonly PropertyKey[]): Remark[] {
  return entries.flatMap(({ remarks, entries: inner }, index): Remark[] => {
    const here = [...path, index];
    const below = inner === undefined ? [] : remarksOf(inner, [...here, 'steps']);
    return remarks.length === 0 ? below : [{ path: here, text: remarks.map(asComment).join('\n') }, ...below];
  });
}

/** A remark may quote the file: what would end a comment is taken out of it. */
function asComment(remark: string): string {
  return `Changed: ${remark.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')}.`;
}

/** One line that a menu can show. */
function titleOf(name: string): string {
  return name
    .replace(/\p{C}+/gu, ' ')
    .replace(/^[\s-]+/, '')
    .slice(0, 100)
    .trim();
}

function refuseInvalid(text: string, file: string, where: string): void {
  const problems = loadSequence(text, file).problems.filter(({ severity }) => severity === 'error');
  if (problems.length === 0) return;
  throw new MediasmithError('IMPORT_INVALID', `${where} cannot be written as a sequence: ${problems[0]?.message}`, {
    where,
    problems,
    hint: 'Simplify it where it comes from, and export it again.',
  });
}
