import { rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { exists, isTaken } from '../../runtime/host/exists.ts';
import { inlineChildren } from '../../runtime/sequence/children.ts';
import type { Sequence } from '../../runtime/sequence/schema.ts';
import { loadProjectOrThrow } from '../config/load.ts';
import { BUNDLE, type BundleManifest, type Reference, sequencePath } from '../import/bundle-manifest.ts';
import { Names } from '../import/names.ts';
import { keysIn } from '../import/secrets.ts';
import { openWorkspace } from '../workspace.ts';
import { secretsOf } from './blank-secrets.ts';
import { type ContentSource, contentFiles } from './content-files.ts';
import { type GatheredSequence, gatherSequences } from './gather-sequences.ts';
import { referencesOf } from './references.ts';
import { refuseSecretsIn } from './refuse-secrets.ts';
import { secretNames } from './secret-names.ts';
import { SecretSearch } from './secret-search.ts';
import { secretsInContent } from './secrets-in-content.ts';
import { type LeftOutSecret, type WithoutSecrets, withoutSecrets } from './without-secrets.ts';
import { writeZip, type ZipSource } from './zip-writer.ts';

export type ExportOptions = {
  out: string;
  /** The project whose content goes in as well. */
  contentOf?: string;
  signal?: AbortSignal;
};

export type ExportReport = {
  file: string;
  bytes: number;
  sequences: string[];
  references: Reference[];
  blanked: (LeftOutSecret & { sequence: string })[];
  /** What a person should look at before handing the zip on. */
  warnings: string[];
};

/**
 * Writes a sequence with its children into a zip. No secret goes in: each is a variable there wherever it stands, and
 * reported. Files of the content are the project's own: those with a secret go in as they are, with a warning.
 */
export async function exportSequence(file: string, { out, contentOf, signal }: ExportOptions): Promise<ExportReport> {
  await refuseExisting(out);
  const { sequences, missing } = await gatherSequences(file);
  refuseCircles(sequences.map(({ sequence }) => sequence));
  const { written, search } = sequencesWithoutSecrets(sequences, missing);
  const needed = referencesOf(sequences.map(({ sequence }) => sequence));
  const sources = contentOf === undefined ? [] : await contentSources(contentOf);
  const names = new Names();
  const placed = await Promise.all(needed.map((reference) => contentFiles(reference, sources, names)));
  const references = [
    ...placed.map(({ reference }) => reference),
    ...missing.map((name): Reference => ({ kind: 'sequence', name })),
  ];
  const leftOut = written.flatMap(({ sequence, leftOut }) => leftOut.map((one) => ({ sequence: sequence.id, ...one })));
  const manifest: BundleManifest = {
    formatVersion: 1,
    sequences: written.map(({ sequence: { id, name } }) => ({ id, name })),
    references,
    blanked: leftOut.map(({ sequence, step, field, variable }) => ({ sequence, step, field, variable })),
  };
  const files = placed.flatMap((content) => content.files);
  const members: ZipSource[] = [
    ...written.map(({ sequence, text }) => ({ path: sequencePath(sequence.id), text })),
    { path: BUNDLE.manifest, text: `${JSON.stringify(manifest, null, 2)}\n` },
    ...files,
  ];
  const warnings = [
    ...written.flatMap(({ sequence, withoutComments }) =>
      withoutComments ? [`sequence "${sequence.id}" is in it without its comments: one repeats a secret`] : [],
    ),
    ...(await secretsInContent(files, search, signal)),
  ];
  await using scratch = await openWorkspace(dirname(out));
  const draft = join(scratch.folder, basename(out));
  await writeZip(draft, members, signal);
  await refuseSecretsIn(draft, out, search);
  signal?.throwIfAborted();
  await rename(draft, out);
  const { size } = await stat(out);
  const ids = manifest.sequences.map(({ id }) => id);
  return { file: out, bytes: size, sequences: ids, references, blanked: leftOut, warnings };
}

/** A secret of one of the sequences is a secret in all of them. */
function sequencesWithoutSecrets(
  gathered: readonly GatheredSequence[],
  missing: readonly string[],
): { written: WithoutSecrets[]; search: SecretSearch } {
  const sequences = gathered.map(({ sequence }) => sequence);
  const names = secretNames(sequences);
  const blanks = sequences.map((sequence) => secretsOf(sequence, names));
  const search = new SecretSearch([
    ...blanks.flat().flatMap(({ secrets, ...place }) => secrets.map((value) => ({ ...place, value }))),
    ...gathered.flatMap(({ text, sequence }) =>
      keysIn(text).map((value) => ({
        value,
        variable: 'CommandSecret',
        step: sequence.name,
        field: 'a key in the text',
      })),
    ),
  ]);
  const known = new Set([
    ...sequences.map(({ id }) => id),
    ...missing,
    ...referencesOf(sequences).map(({ name }) => name),
  ]);
  const written = gathered.map((one, index) => withoutSecrets(one, blanks[index] ?? [], search, known));
  return { written, search };
}

/** One that calls itself, or grows beyond reason, could not be run where it is imported. Children that are missing are listed. */
function refuseCircles([first, ...children]: readonly Sequence[]): void {
  if (first === undefined) return;
  const known = new Map([first, ...children].map((sequence) => [sequence.id, sequence]));
  inlineChildren(first, (id) => known.get(id) ?? { ...first, id, steps: [] });
}

/** The nearest media.yaml: beside the sequence or in a folder above it. */
export async function projectOf(file: string): Promise<string> {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const project = join(folder, 'media.yaml');
    if (await exists(project)) return project;
    if (folder === dirname(folder)) {
      throw new MediasmithError('PROJECT_NOT_FOUND', `there is no media.yaml for ${file}`, {
        where: file,
        hint: 'Content is named by a project: name it with --project, or export without content.',
      });
    }
  }
}

/** Lists of media.yaml whose entries have a name and a source. */
const LISTS = { images: 'image', packages: 'package', upgradePackages: 'upgrade-package' } as const;

async function contentSources(project: string): Promise<ContentSource[]> {
  const media: Readonly<Record<string, unknown>> = await loadProjectOrThrow(project);
  return Object.entries(LISTS).flatMap(([list, kind]) =>
    ((media[list] ?? []) as { name: string; source: string }[]).map(({ name, source }) => ({ kind, name, source })),
  );
}

async function refuseExisting(out: string): Promise<void> {
  if (!(await isTaken(out))) return;
  throw new MediasmithError('OUTPUT_EXISTS', `${out} is there already`, {
    where: out,
    hint: 'Remove it, or name another file.',
  });
}
