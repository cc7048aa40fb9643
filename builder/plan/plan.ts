import { dirname } from 'node:path';
import { contentPlace, placeInWords } from '../../runtime/contract/content-from.ts';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { parseMakersSize } from '../../runtime/contract/size.ts';
import { type Output, outputKind } from '../config/schema.ts';
import { goesOntoFat32 } from '../fat32.ts';
import { outputFile, outputFiles, type Variant, variantsOf } from '../output-files.ts';
import type { PackageFolder } from '../package-folder.ts';
import type { ResolvedProject } from '../resolve/resolved-project.ts';
import { largeFileNotes } from './large-file-notes.ts';
import { planBootFiles } from './plan-boot-files.ts';
import { olderWinpeNotes } from './plan-builds.ts';
import { type ContentLimits, contentLimits, planContent } from './plan-content.ts';
import { type PlannedDisc, planDiscSets } from './plan-discs.ts';
import { contentPackages, excludedNotes } from './plan-packages.ts';
import { isImage, plannedImageBytes, planStickSizes } from './plan-sticks.ts';
import { unverifiedNotes } from './plan-unverified.ts';
import { type PlannedWim, planWimFile, planWims } from './plan-wims.ts';
import { type PlannedRuntime, planRuntimeFile, planWindowsRuntimes } from './plan-windows-runtimes.ts';
import type { PlannedFile } from './planned-file.ts';
import { refuseIndexes } from './refuse-indexes.ts';
import { refuseLargeFiles } from './refuse-large-files.ts';

/** Tables, boot images and padding of an ISO. */
const ISO_OVERHEAD_BYTES = 16 * 1024 ** 2;

/** An age file's header and tags, and the text of a label file without the label. */
const AGE_BYTES = 1024;
const LABEL_BYTES = 80;

export type PlannedStage = { name: string; title: string };
/** What a build will do. Pure data; `--dry-run` prints it. Sizes of what is still to be made are upper bounds. */
export type MediaPlan = {
  resolved: ResolvedProject;
  variants: Variant[];
  stages: PlannedStage[];
  wims: PlannedWim[];
  /** What goes into content.wim. */
  packages: PackageFolder[];
  /** From which size on it is divided. */
  content: ContentLimits | undefined;
  /** The runtime for an installed Windows. */
  runtimes: PlannedRuntime[];
  files: PlannedFile[];
  /** For each ISO that becomes a set: its discs. */
  discSets: PlannedDisc[][];
  /** What a reader of the plan should know: how files over 4 GiB are stored, who will miss what stays off the medium. */
  notes: string[];
  /** Those of them that the person who builds is told in any case. */
  warnings: string[];
  totalBytes: number;
  /** How large the stick, or the disk, for each output must at most be. */
  stickSizes: { path: string; bytes: number }[];
  /** What each folder's file system must have free: every output whole beside what is there, and its scratch files. */
  space: { folder: string; bytes: number }[];
};

/**
 * Turns a resolved project into the plan of its build. `IMAGE_NOT_FOUND` for an image by an index that is not on it,
 * `FILE_TOO_LARGE` for a file that its outputs cannot hold.
 */
export function planMedia(resolved: ResolvedProject): MediaPlan {
  const { project } = resolved;
  const variants = variantsOf(project);
  const limits = { fat32: goesOntoFat32(project), discBytes: smallestDisc(project) };
  const wims = planWims(resolved.wims, limits);
  refuseIndexes(resolved, wims);
  const packages = contentPackages(resolved);
  const content = contentLimits(limits);
  const runtimes = planWindowsRuntimes(resolved);
  const files = [
    ...planBootFiles(resolved),
    ...wims.map(planWimFile),
    ...planContent(packages, content),
    ...runtimes.map(planRuntimeFile),
    ...planUpgradePackages(resolved),
    ...planSequences(resolved),
    ...planLabelFiles(resolved),
  ];
  refuseLargeFiles(resolved, files);
  const totalBytes = sum(files.map(({ bytes }) => bytes)) + ISO_OVERHEAD_BYTES;
  const scratchBytes =
    sum(files.filter(({ how }) => how !== 'in place' && how !== 'made').map(({ bytes }) => bytes)) +
    sum(wims.filter(({ how, split }) => split && how !== 'in place').map((wim) => planWimFile(wim).bytes)) +
    sum(files.filter(({ partBytes }) => partBytes !== undefined).map(({ bytes }) => bytes));
  const volumes = { files, upgradePackages: resolved.upgradePackages };
  const written = project.outputs.flatMap((output) =>
    outputFiles(output, project).map((path) => ({ path, bytes: outputBytes(output, totalBytes, volumes) })),
  );
  const folders = Map.groupBy(written, ({ path }) => dirname(path));
  const space = [...folders].map(([folder, outputs], index) => ({
    folder,
    bytes: sum(outputs.map(({ bytes }) => bytes)) + (index === 0 ? scratchBytes : 0),
  }));
  const stages = planStages(resolved, { wims, packages, variants });
  const warnings = unverifiedNotes(resolved.wims);
  const notes = [
    ...warnings,
    ...largeFileNotes(files, wims),
    ...excludedNotes(resolved),
    ...olderWinpeNotes(resolved),
    ...(resolved.winpe?.notes ?? []),
    ...bootableNotes(resolved),
    ...copyNotes(resolved),
  ];
  const { discSets, unsure } = planDiscSets(resolved, { variants, files, wims });
  const stickSizes = planStickSizes(resolved, files);
  return {
    ...{ resolved, variants, stages, wims, packages, content, runtimes, files, discSets },
    ...{ notes: [...notes, ...unsure], warnings, totalBytes, stickSizes, space },
  };
}

/** What the smallest disc holds that an ISO must go onto. */
function smallestDisc({ outputs }: ResolvedProject['project']): number | undefined {
  const sizes = outputs.flatMap(({ mediaSize }) => (mediaSize === undefined ? [] : [parseMakersSize(mediaSize)]));
  return sizes.length === 0 ? undefined : Math.min(...sizes);
}

/** Tables of each disc of a set. */
const DISC_SPARE_BYTES = 4 * 1024 ** 2;

function outputBytes(output: Output, totalBytes: number, content: Parameters<typeof plannedImageBytes>[1]): number {
  const { mediaSize } = output;
  if (mediaSize !== undefined)
    return totalBytes + DISC_SPARE_BYTES * Math.ceil(totalBytes / parseMakersSize(mediaSize));
  return isImage(output) ? plannedImageBytes(output, content) : totalBytes;
}

function planStages(
  { project }: ResolvedProject,
  { wims, packages, variants }: Pick<MediaPlan, 'wims' | 'packages' | 'variants'>,
): PlannedStage[] {
  const made = wims.filter(({ how, split }) => how !== 'in place' || split);
  const writing = (variant: Variant): PlannedStage[] =>
    project.outputs.map((output) => ({
      name: outputKind(output),
      title: `Write ${outputFile(output, variant, project)}`,
    }));
  return [
    { name: 'boot-environment', title: 'Prepare the boot environment' },
    ...(packages.length > 0
      ? [{ name: 'content', title: `Capture ${packages.length} package(s) into content.wim` }]
      : []),
    ...imageStage(project.bootEnvironment, made.length),
    ...variants.flatMap(writing),
  ];
}

/** One stage for both: the boot image is compressed while the images are copied. */
function imageStage(bootEnvironment: 'linux' | 'winpe', exported: number): PlannedStage[] {
  const exporting = `export images from ${exported} WIM file(s)`;
  if (bootEnvironment === 'winpe')
    return [{ name: 'images', title: `Customise the boot image${exported > 0 ? `, ${exporting}` : ''}` }];
  return exported > 0 ? [{ name: 'images', title: `E${exporting.slice(1)}` }] : [];
}

function planUpgradePackages({ upgradePackages }: ResolvedProject): PlannedFile[] {
  return upgradePackages.map(({ name, origin, files }) => ({
    path: `${MEDIUM_PATHS.upgrade}/${name}/`,
    bytes: sum(files.map(({ bytes }) => bytes)),
    from: origin,
    how: 'in place',
  }));
}

function planSequences({ project }: ResolvedProject): PlannedFile[] {
  if (project.password !== undefined) return planSealed(project);
  const { sequences, machines } = project;
  const made = (path: string, value: object, from: string): PlannedFile => ({
    ...{ path, from, how: 'made' },
    bytes: Buffer.byteLength(JSON.stringify(value, null, 1)) + 1,
  });
  return [
    ...sequences.map(({ file, sequence }) => made(`${MEDIUM_PATHS.sequences}/${sequence.id}.json`, sequence, file)),
    ...(machines === undefined ? [] : [made(MEDIUM_PATHS.machines, machines.value, machines.file)]),
  ];
}

/** What the password protects is one file, and the key to it another. */
function planSealed({ file, sequences, machines, variables }: ResolvedProject['project']): PlannedFile[] {
  const content = [
    ...sequences.map(({ sequence }) => ({ id: sequence.id, name: sequence.name, document: sequence })),
    machines?.value,
    variables,
  ];
  return [
    { path: MEDIUM_PATHS.identity, bytes: AGE_BYTES, from: file, how: 'made' },
    {
      path: MEDIUM_PATHS.sealed,
      bytes: Buffer.byteLength(JSON.stringify(content)) + AGE_BYTES,
      from: file,
      how: 'made',
    },
  ];
}

function planLabelFiles({ project: { file, label, autorun } }: ResolvedProject): PlannedFile[] {
  const paths = [MEDIUM_PATHS.label, ...(autorun ? [MEDIUM_PATHS.autorun] : [])];
  return paths.map((path) => ({ path, bytes: label.length + LABEL_BYTES, from: file, how: 'made' }));
}

function bootableNotes({ project: { contentFrom } }: ResolvedProject): string[] {
  if (contentFrom === undefined) return [];
  return [`only starts the machine: sequences and content come from ${placeInWords(contentPlace(contentFrom))}`];
}

function copyNotes({ project: { copyFirst, outputs } }: ResolvedProject): string[] {
  if (!copyFirst || outputs.every(({ pxe }) => pxe === undefined)) return [];
  return ['copyFirst has no effect on a start from the network: content is read from the server until the end'];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
