import { access, lstat, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MediasmithError } from '../../runtime/contract/errors.ts';
import { inlineChildren } from '../../runtime/sequence/children.ts';
import type { Sequence } from '../../runtime/sequence/schema.ts';
import { loadProjectOrThrow } from '../config/load.ts';
import { type Blanked, BUNDLE, type BundleManifest, type Reference, sequencePath } from '../import/bundle-manifest.ts';
import { Names } from '../import/names.ts';
import { openWorkspace } from '../workspace.ts';
import { secretsOf } from './blank-secrets.ts';
import { type ContentSource, contentFiles } from './content-files.ts';
import { gatherSequences } from './gather-sequences.ts';
import { referencesOf } from './references.ts';
import { withoutSecrets } from './without-secrets.ts';
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
  blanked: Blanked[];
};

/** Writes a sequence with its children into a zip. No secret goes in: each is a variable there, and reported. */
export async function exportSequence(file: string, { out, contentOf, signal }: ExportOptions): Promise<ExportReport> {
  await refuseExisting(out);
  const { sequences, missing } = await gatherSequences(file);
  refuseCircles(sequences.map(({ sequence }) => sequence));
  const blanked: Blanked[] = [];
  const members: ZipSource[] = sequences.map(({ text, sequence }) => {
    const blanks = secretsOf(sequence);
    blanked.push(...blanks.map(({ step, field, variable }) => ({ sequence: sequence.id, step, field, variable })));
    return { path: sequencePath(sequence.id), text: withoutSecrets(text, blanks) };
  });
  const needed = referencesOf(sequences.map(({ sequence }) => sequence));
  const sources = contentOf === undefined ? [] : await contentSources(contentOf);
  const names = new Names();
  const placed = await Promise.all(needed.map((reference) => contentFiles(reference, sources, names)));
  const references = [
    ...placed.map(({ reference }) => reference),
    ...missing.map((name): Reference => ({ kind: 'sequence', name })),
  ];
  const manifest: BundleManifest = {
    formatVersion: 1,
    sequences: sequences.map(({ sequence: { id, name } }) => ({ id, name })),
    references,
    blanked,
  };
  members.push({ path: BUNDLE.manifest, text: `${JSON.stringify(manifest, null, 2)}\n` });
  members.push(...placed.flatMap(({ files }) => files));
  await using scratch = await openWorkspace(dirname(out));
  const draft = join(scratch.folder, basename(out));
  await writeZip(draft, members, signal);
  signal?.throwIfAborted();
  await rename(draft, out);
  const { size } = await stat(out);
  return { file: out, bytes: size, sequences: manifest.sequences.map(({ id }) => id), references, blanked };
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
    if (
      await access(project).then(
        () => true,
        () => false,
      )
    )
      return project;
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
  // A link that leads nowhere is there as well.
  if ((await lstat(out).catch(() => undefined)) === undefined) return;
  throw new MediasmithError('OUTPUT_EXISTS', `${out} is there already`, {
    where: out,
    hint: 'Remove it, or name another file.',
  });
}
