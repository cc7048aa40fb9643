import { isMediasmithError, type Problem } from '../../runtime/contract/errors.ts';
import { type Machines, variablesOf } from '../../runtime/contract/machines.ts';
import { analyseSequence, type KnownContent } from '../../runtime/sequence/analysis/analyse.ts';
import { isUnread, type Unread } from '../../runtime/sequence/analysis/child-problems.ts';
import { closest } from '../../runtime/sequence/closest.ts';
import type { CheckedDocument } from '../../runtime/sequence/document.ts';
import type { ProblemAt } from '../../runtime/sequence/issues.ts';
import { readSequence } from '../../runtime/sequence/load.ts';
import type { Sequence } from '../../runtime/sequence/schema.ts';
import { readText } from './read-text.ts';
import { repeated } from './repeated.ts';
import type { MediaFile } from './schema.ts';

export type ProjectSequence = { file: string; sequence: Sequence };

type ReadSequence = ProjectSequence & { index: number; problemAt: CheckedDocument<Sequence>['problemAt'] };

/** Reads every sequence of a project, then holds each against the project and against the others, which it may run. */
export async function readSequences(
  project: MediaFile,
  machines: Machines | undefined,
  problemAt: ProblemAt,
): Promise<{ sequences: ProjectSequence[]; problems: Problem[] }> {
  const problems: Problem[] = [];
  const read: ReadSequence[] = [];
  const unread: (string | undefined)[] = [];
  for (const [index, file] of project.sequences.entries()) {
    const text = await readText(file).catch((error: Error) => error);
    if (text instanceof Error) {
      problems.push(problemAt(['sequences', index], unreadable(text)));
      unread.push(undefined);
      continue;
    }
    const document = readSequence(text, file);
    problems.push(...document.problems);
    if (document.value === undefined) unread.push(idIn(text));
    else read.push({ file, index, sequence: document.value, problemAt: document.problemAt });
  }
  const sequences = new Map(read.toReversed().map(({ sequence }) => [sequence.id, sequence]));
  for (const [nth, id] of repeated(read.map(({ sequence }) => sequence.id))) {
    const at = ['sequences', read[nth]?.index ?? nth];
    problems.push(problemAt(at, { code: 'PROJECT_INVALID', message: `two sequences have the id "${id}"` }));
  }
  const known = { ...knownContent(project, machines, sequences), unread };
  for (const one of read) problems.push(...analyseSequence(one.sequence, one.problemAt, known));
  problems.push(...unknownPreferred(project, sequences, unread, problemAt));
  return { sequences: read.map(({ file, sequence }) => ({ file, sequence })), problems };
}

/** The id of a sequence that is not in order, where its text tells one. */
function idIn(text: string): string | undefined {
  const [, id] = text.match(/^id:[ \t]*["']?([a-z0-9-]+)["']?[ \t]*(?:#.*)?$/m) ?? [];
  return id;
}

function unreadable(error: Error): { code: string; message: string } {
  const missing = isMediasmithError(error) && error.code === 'PROJECT_NOT_FOUND';
  return { code: missing ? 'SOURCE_NOT_FOUND' : 'SEQUENCE_INVALID', message: error.message };
}

function knownContent(
  project: MediaFile,
  machines: Machines | undefined,
  sequences: ReadonlyMap<string, Sequence>,
): KnownContent {
  const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);
  return {
    platform: project.bootEnvironment,
    images: names(project.images),
    packages: names(project.packages),
    applications: names(project.applications),
    upgradePackages: names(project.upgradePackages),
    variables: [...names(project.variables), ...(machines === undefined ? [] : variablesOf(machines))],
    sequences,
  };
}

function unknownPreferred(
  { preferredSequence }: MediaFile,
  sequences: ReadonlyMap<string, Sequence>,
  unread: Unread,
  problemAt: ProblemAt,
): Problem[] {
  if (preferredSequence === undefined || sequences.has(preferredSequence)) return [];
  if (isUnread(preferredSequence, unread)) return [];
  const near = closest(preferredSequence, sequences.keys());
  return [
    problemAt(['preferredSequence'], {
      code: 'PROJECT_INVALID',
      message: `no sequence of the project has the id "${preferredSequence}"`,
      hint: near === undefined ? `There are: ${[...sequences.keys()].join(', ')}.` : `Did you mean "${near}"?`,
    }),
  ];
}
