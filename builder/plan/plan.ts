import { dirname } from 'node:path';
import { MEDIUM_PATHS } from '../runtime/contract/manifest.ts';
import type { ResolvedProject, WimSource } from './resolve.ts';

/** What is on a boot environment, near enough to say whether it fits before it is made. */
const BOOT_ENVIRONMENT_BYTES = 120 * 1024 ** 2;
/** Tables, boot images and padding of an ISO. */
const ISO_OVERHEAD_BYTES = 16 * 1024 ** 2;

export type PlannedStage = { name: string; title: string };
export type PlannedFile = {
  path: string;
  bytes: number;
  from: string;
  how: 'in place' | 'exported' | 'captured' | 'made';
};

/** A WIM on the medium: where its images come from, and at which index each will be. */
export type PlannedWim = { path: string; source: WimSource; images: { name: string; index: number }[] };

/** What a build will do. Pure data; `--dry-run` prints it. Sizes of what is still to be made are upper bounds. */
export type MediaPlan = {
  resolved: ResolvedProject;
  stages: PlannedStage[];
  wims: PlannedWim[];
  files: PlannedFile[];
  totalBytes: number;
  /** What each folder's file system must have free: every output whole beside what is there, and its scratch files. */
  space: { folder: string; bytes: number }[];
};

/** Turns a resolved project into the plan of its build. */
export function planMedia(resolved: ResolvedProject): MediaPlan {
  const { project } = resolved;
  const wims = planWims(resolved.wims);
  const files = [...planBootFiles(), ...wims.map(planWimFile), ...planContent(resolved), ...planSequences(resolved)];
  const totalBytes = sum(files.map(({ bytes }) => bytes)) + ISO_OVERHEAD_BYTES;
  const scratchBytes = sum(
    files.filter(({ how }) => how === 'exported' || how === 'captured').map(({ bytes }) => bytes),
  );
  const folders = Map.groupBy(project.outputs, ({ iso }) => dirname(iso));
  const space = [...folders].map(([folder, outputs], index) => ({
    folder,
    bytes: totalBytes * outputs.length + (index === 0 ? scratchBytes : 0),
  }));
  return { resolved, stages: planStages(resolved, wims), wims, files, totalBytes, space };
}

function planStages({ project, packages }: ResolvedProject, wims: readonly PlannedWim[]): PlannedStage[] {
  const exported = wims.filter(({ source }) => !source.inPlace);
  return [
    { name: 'boot-environment', title: 'Prepare the boot environment' },
    ...(exported.length > 0 ? [{ name: 'images', title: `Export images from ${exported.length} WIM file(s)` }] : []),
    ...(packages.length > 0
      ? [{ name: 'content', title: `Capture ${packages.length} package(s) into content.wim` }]
      : []),
    ...project.outputs.map(({ iso }) => ({ name: 'iso', title: `Write ${iso}` })),
  ];
}

/** Each source file becomes one WIM on the medium, named like it; the same name twice gets a number. */
function planWims(sources: readonly WimSource[]): PlannedWim[] {
  const used = new Set<string>();
  return sources.map((source) => {
    const stem = stemOf(source.path);
    let name = stem;
    for (let count = 2; used.has(name); count++) name = `${stem}-${count}`;
    used.add(name);
    const order = [...new Set(source.chosen.map(({ index }) => index))];
    const images = source.chosen.map((chosen) => ({
      name: chosen.name,
      index: source.inPlace ? chosen.index : order.indexOf(chosen.index) + 1,
    }));
    return { path: `${MEDIUM_PATHS.images}/${name}.wim`, source, images };
  });
}

function stemOf(path: string): string {
  const stem = (path.split('/').at(-1) ?? '').replace(/\.[^.]*$/, '');
  return (
    stem
      .toLowerCase()
      .replace(/[^a-z0-9_-]+/g, '-')
      .slice(0, 48) || 'image'
  );
}

function planWimFile({ path, source }: PlannedWim): PlannedFile {
  return { path, bytes: source.bytes, from: source.path, how: source.inPlace ? 'in place' : 'exported' };
}

function planContent({ packages }: ResolvedProject): PlannedFile[] {
  if (packages.length === 0) return [];
  return [
    {
      path: MEDIUM_PATHS.content,
      bytes: sum(packages.map(({ bytes }) => bytes)),
      from: packages.map(({ folder }) => folder).join(', '),
      how: 'captured',
    },
  ];
}

function planSequences({ project }: ResolvedProject): PlannedFile[] {
  return project.sequences.map(({ file, sequence }) => ({
    path: `${MEDIUM_PATHS.sequences}/${sequence.id}.json`,
    bytes: Buffer.byteLength(JSON.stringify(sequence)),
    from: file,
    how: 'made',
  }));
}

function planBootFiles(): PlannedFile[] {
  return [{ path: 'boot/', bytes: BOOT_ENVIRONMENT_BYTES, from: 'the Linux boot environment', how: 'made' }];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
