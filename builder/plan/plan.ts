import { dirname } from 'node:path';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { definitionOf, flattenSteps } from '../../runtime/sequence/schema.ts';
import { outputFile, outputFiles, type Variant, variantsOf } from '../output-files.ts';
import type { PackageFolder } from '../package-folder.ts';
import type { ResolvedProject } from '../resolve/resolved-project.ts';
import { planBootFiles } from './plan-boot-files.ts';
import { type PlannedWim, planWimFile, planWims } from './plan-wims.ts';
import { type PlannedRuntime, planRuntimeFile, planWindowsRuntimes } from './plan-windows-runtimes.ts';
import type { PlannedFile } from './planned-file.ts';

/** Each package of Windows installation files has a folder here. */
export const UPGRADE_FOLDER = 'mediasmith/upgrade';

/** Tables, boot images and padding of an ISO. */
const ISO_OVERHEAD_BYTES = 16 * 1024 ** 2;

export type PlannedStage = { name: string; title: string };
/** What a build will do. Pure data; `--dry-run` prints it. Sizes of what is still to be made are upper bounds. */
export type MediaPlan = {
  resolved: ResolvedProject;
  variants: Variant[];
  stages: PlannedStage[];
  wims: PlannedWim[];
  /** What goes into content.wim. */
  packages: PackageFolder[];
  /** The runtime for an installed Windows. */
  runtimes: PlannedRuntime[];
  files: PlannedFile[];
  /** What a reader of the plan should know: how files over 4 GiB are stored. */
  notes: string[];
  totalBytes: number;
  /** What each folder's file system must have free: every output whole beside what is there, and its scratch files. */
  space: { folder: string; bytes: number }[];
};

/** Turns a resolved project into the plan of its build. */
export function planMedia(resolved: ResolvedProject): MediaPlan {
  const { project } = resolved;
  const variants = variantsOf(project);
  const wims = planWims(resolved.wims, project.fat32);
  const packages = contentPackages(resolved);
  const runtimes = planWindowsRuntimes(resolved);
  const files = [
    ...planBootFiles(resolved),
    ...wims.map(planWimFile),
    ...planContent(packages),
    ...runtimes.map(planRuntimeFile),
    ...planUpgradePackages(resolved),
    ...planSequences(resolved),
  ];
  const totalBytes = sum(files.map(({ bytes }) => bytes)) + ISO_OVERHEAD_BYTES;
  const scratchBytes =
    sum(files.filter(({ how }) => how !== 'in place' && how !== 'made').map(({ bytes }) => bytes)) +
    sum(wims.filter(({ how, split }) => split && how !== 'in place').map(({ source }) => source.bytes));
  const paths = project.outputs.flatMap((output) => outputFiles(output, project));
  const folders = Map.groupBy(paths, (path) => dirname(path));
  const space = [...folders].map(([folder, outputs], index) => ({
    folder,
    bytes: totalBytes * outputs.length + (index === 0 ? scratchBytes : 0),
  }));
  const stages = planStages(resolved, { wims, packages, variants });
  return { resolved, variants, stages, wims, packages, runtimes, files, notes: notesOn(files), totalBytes, space };
}

/** All packages but those that only the boot environment uses: they are inside it. */
function contentPackages({ project, packages, winpe }: ResolvedProject): PackageFolder[] {
  const steps = project.sequences.flatMap(({ sequence }) => flattenSteps(sequence.steps));
  const used = new Set([
    ...steps.flatMap((step) => definitionOf(step).needs(step as never).packages ?? []),
    ...project.applications.map((application) => application.package),
  ]);
  const boot = new Set(winpe?.drivers.map(({ name }) => name));
  return packages.filter(({ name }) => used.has(name) || !boot.has(name));
}

function planStages(
  { project }: ResolvedProject,
  { wims, packages, variants }: Pick<MediaPlan, 'wims' | 'packages' | 'variants'>,
): PlannedStage[] {
  const made = wims.filter(({ how, split }) => how !== 'in place' || split);
  const writing = (variant: Variant): PlannedStage[] =>
    project.outputs.map((output) => ({
      name: output.iso === undefined ? 'pxe' : 'iso',
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

function planContent(packages: readonly PackageFolder[]): PlannedFile[] {
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

function planUpgradePackages({ upgradePackages }: ResolvedProject): PlannedFile[] {
  return upgradePackages.map(({ name, origin, files }) => ({
    path: `${UPGRADE_FOLDER}/${name}/`,
    bytes: sum(files.map(({ bytes }) => bytes)),
    from: origin,
    how: 'in place',
  }));
}

function planSequences({ project }: ResolvedProject): PlannedFile[] {
  return project.sequences.map(({ file, sequence }) => ({
    path: `${MEDIUM_PATHS.sequences}/${sequence.id}.json`,
    bytes: Buffer.byteLength(JSON.stringify(sequence)),
    from: file,
    how: 'made',
  }));
}

/** More than a directory record of ISO 9660 can say of one extent; FAT32 ends one byte before. */
const FOUR_GIB = 4 * 1024 ** 3;

function notesOn(files: readonly PlannedFile[]): string[] {
  return files.flatMap(({ path, bytes, how }) => {
    if (bytes < FOUR_GIB) return [];
    if (how === 'split') return [`${path} may be over 4 GiB: split into parts that FAT32 can hold`];
    return [`${path} may be over 4 GiB: one file in several extents (ISO 9660 level 3), too large for a FAT32 stick`];
  });
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
