import { stat } from 'node:fs/promises';
import {
  type Manifest,
  type ManifestImage,
  type ManifestPrestart,
  MEDIUM_PATHS,
} from '../../runtime/contract/manifest.ts';
import { VERSION } from '../../runtime/contract/version.ts';
import type { BootMedium } from '../boot/boot-environment.ts';
import type { MediaProject } from '../config/load.ts';
import type { PrestartOptions } from '../config/media-options.ts';
import { validityOf } from '../config/validity.ts';
import { mediaVariables } from '../config/variables.ts';
import { driversIn } from '../driver-infs.ts';
import type { ManifestDraft } from '../manifest-draft.ts';
import { fromFile, fromText, type MediaTree, type ReadonlyMediaTree } from '../media-tree.ts';
import type { MediumNames } from '../medium-identity.ts';
import type { PackageFolder } from '../package-folder.ts';
import type { MediaPlan } from '../plan/plan.ts';
import type { PlannedWim } from '../plan/plan-wims.ts';
import type { ProjectSeal } from '../seal/seal-project.ts';
import { buildRecord } from './build-record.ts';
import type { WimPart } from './export-images.ts';
import { labelFiles } from './label-files.ts';
import type { WindowsRuntimes } from './make-windows-runtimes.ts';
import { mediaSources } from './media-sources.ts';

/** What the earlier stages have made ready. */
export type Ingredients = {
  plan: MediaPlan;
  names: MediumNames;
  boot: BootMedium;
  wimFiles: ReadonlyMap<PlannedWim, readonly WimPart[]>;
  /** The packages, in one file or in parts; none without packages. */
  content: readonly WimPart[];
  runtimes: WindowsRuntimes;
  /** What the password protects, where the medium has one. */
  seal?: ProjectSeal | undefined;
};

/** The media tree without the manifest, and the draft of the manifest over it. Reads sizes; copies nothing. */
export async function layOutMedium(ingredients: Ingredients): Promise<{ tree: MediaTree; draft: ManifestDraft }> {
  const { plan, boot, wimFiles, content, runtimes } = ingredients;
  const { project, upgradePackages } = plan.resolved;
  const tree: MediaTree = new Map(boot.tree);
  const program = plan.runtimes.find(({ path }) => !path.includes('/'))?.path;
  for (const [path, source] of [...instructions(ingredients), ...labelFiles(project, program)]) tree.set(path, source);
  for (const { path, file, sha256 } of [...wimFiles.values(), content].flat()) tree.set(path, fromFile(file, sha256));
  for (const [path, source] of runtimes.tree) tree.set(path, source);
  for (const { name, files } of upgradePackages) {
    for (const { path, file } of files) tree.set(`${MEDIUM_PATHS.upgrade}/${name}/${path}`, fromFile(file));
  }
  const sorted: MediaTree = new Map([...tree].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { tree: sorted, draft: await draftManifest(ingredients, sorted) };
}

/** What a run follows: sequences and the variables of machines, as files or sealed. */
function instructions({ plan, seal }: Ingredients): MediaTree {
  const { sequences, machines } = plan.resolved.project;
  if (seal !== undefined) {
    return new Map([
      [MEDIUM_PATHS.identity, { kind: 'bytes', data: seal.identity }],
      [MEDIUM_PATHS.sealed, { kind: 'bytes', data: seal.sealed }],
    ]);
  }
  const asJson = (value: object) => fromText(`${JSON.stringify(value, null, 1)}\n`);
  const tree: MediaTree = new Map(
    sequences.map(({ sequence }) => [`${MEDIUM_PATHS.sequences}/${sequence.id}.json`, asJson(sequence)]),
  );
  if (machines !== undefined) tree.set(MEDIUM_PATHS.machines, asJson(machines.value));
  return tree;
}

async function draftManifest(
  { plan, names, boot, seal, content }: Ingredients,
  tree: ReadonlyMediaTree,
): Promise<ManifestDraft> {
  const { packages, runtimes } = plan;
  const { project, upgradePackages, winpe } = plan.resolved;
  return {
    formatVersion: 1,
    id: names.id,
    name: project.name,
    label: project.label,
    builtBy: `mediasmith ${VERSION}`,
    bootEnvironment: project.bootEnvironment,
    ...(boot.bootImage !== undefined && { bootImage: boot.bootImage }),
    ...(project.keyboardLayout !== undefined && { keyboardLayout: project.keyboardLayout }),
    unattended: project.unattended,
    ...(project.contentFrom !== undefined && { contentFrom: project.contentFrom }),
    ...describeInstructions(project, seal !== undefined),
    images: plan.wims.flatMap(describeImages),
    packages: await Promise.all(
      packages.map(async ({ name, folder, bytes }, index) => {
        const drivers = await driversIn(folder);
        return { name, file: firstOf(content), index: index + 1, bytes, ...(drivers !== undefined && { drivers }) };
      }),
    ),
    bootDrivers: await bootDrivers(winpe?.drivers ?? []),
    applications: project.applications,
    upgradePackages: upgradePackages.map(({ name, architecture, version, languages, editions }) => ({
      name,
      folder: `${MEDIUM_PATHS.upgrade}/${name}`,
      ...{ architecture, version, languages, editions },
    })),
    windowsRuntimes: runtimes.map(({ architecture, path }) => ({ architecture, file: path })),
    ...(project.valid !== undefined && { validity: validityOf(project.valid) }),
    ...(project.prestart !== undefined && { prestart: prestartOf(project.prestart) }),
    copyFirst: project.copyFirst,
    ...(project.record && { record: buildRecord() }),
    // Their names say how a medium came to be and not what it is: the same files under other names make the same medium.
    sources: project.record ? mediaSources(plan) : [],
    files: await Promise.all(
      [...tree].map(async ([path, source]) => ({
        path,
        bytes: source.kind === 'bytes' ? source.data.length : (await stat(source.path)).size,
      })),
    ),
  };
}

async function bootDrivers(packages: readonly PackageFolder[]): Promise<Manifest['bootDrivers']> {
  const found = await Promise.all(
    packages.map(async ({ name, folder }) => {
      const drivers = await driversIn(folder);
      return drivers === undefined ? [] : [{ name, ...drivers }];
    }),
  );
  return found.flat();
}

function firstOf([first]: readonly WimPart[]): string {
  if (first === undefined) throw new Error('packages that were not captured');
  return first.path;
}

/** Of a sealed medium the manifest, which anybody can read, says nothing but that it is sealed. */
function describeInstructions(project: MediaProject, sealed: boolean) {
  if (sealed) return { sealed: true as const, sequences: [], variables: [] };
  const { sequences, machines, preferredSequence } = project;
  return {
    sequences: sequences.map(({ sequence: { id, name } }) => ({
      id,
      name,
      file: `${MEDIUM_PATHS.sequences}/${id}.json`,
    })),
    variables: mediaVariables(project),
    ...(machines !== undefined && { machines: MEDIUM_PATHS.machines }),
    ...(preferredSequence !== undefined && { preferredSequence }),
  };
}

function prestartOf({ command, package: name }: PrestartOptions): ManifestPrestart {
  return { command, ...(name !== undefined && { package: name }) };
}

function describeImages({ path, source, images }: PlannedWim): ManifestImage[] {
  return images.map(({ name, index }) => {
    const image = source.chosen.find((chosen) => chosen.name === name)?.image;
    return {
      name,
      file: path,
      index,
      bytes: image?.bytes ?? 0,
      ...(image?.windows !== undefined && {
        architecture: image.windows.architecture,
        edition: image.windows.edition,
        version: image.windows.version,
        language: image.windows.defaultLanguage,
      }),
    };
  });
}
