import { stat } from 'node:fs/promises';
import { MACHINES_PATH } from '../../runtime/contract/machines.ts';
import { type ManifestImage, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { VERSION } from '../../runtime/contract/version.ts';
import type { BootMedium } from '../boot/boot-environment.ts';
import { hasValue } from '../config/variables.ts';
import type { ManifestDraft } from '../manifest-draft.ts';
import { fromFile, fromText, type MediaTree, type ReadonlyMediaTree } from '../media-tree.ts';
import type { MediumNames } from '../medium-identity.ts';
import { type MediaPlan, UPGRADE_FOLDER } from '../plan/plan.ts';
import type { PlannedWim } from '../plan/plan-wims.ts';
import type { WimPart } from './export-images.ts';
import type { WindowsRuntimes } from './make-windows-runtimes.ts';

/** What the earlier stages have made ready. */
export type Ingredients = {
  plan: MediaPlan;
  names: MediumNames;
  boot: BootMedium;
  wimFiles: ReadonlyMap<PlannedWim, readonly WimPart[]>;
  contentFile: string | undefined;
  runtimes: WindowsRuntimes;
};

/** The media tree without the manifest, and the draft of the manifest over it. Reads sizes; copies nothing. */
export async function layOutMedium(ingredients: Ingredients): Promise<{ tree: MediaTree; draft: ManifestDraft }> {
  const { plan, boot, wimFiles, contentFile, runtimes } = ingredients;
  const { project, upgradePackages } = plan.resolved;
  const tree: MediaTree = new Map(boot.tree);
  for (const { sequence } of project.sequences) {
    tree.set(`${MEDIUM_PATHS.sequences}/${sequence.id}.json`, fromText(`${JSON.stringify(sequence, null, 1)}\n`));
  }
  for (const { path, file, sha256 } of [...wimFiles.values()].flat()) tree.set(path, fromFile(file, sha256));
  if (contentFile !== undefined) tree.set(MEDIUM_PATHS.content, fromFile(contentFile));
  for (const [path, source] of runtimes.tree) tree.set(path, source);
  for (const { name, files } of upgradePackages) {
    for (const { path, file } of files) tree.set(`${UPGRADE_FOLDER}/${name}/${path}`, fromFile(file));
  }
  if (project.machines !== undefined) {
    tree.set(MACHINES_PATH, fromText(`${JSON.stringify(project.machines.value, null, 1)}\n`));
  }
  const sorted: MediaTree = new Map([...tree].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { tree: sorted, draft: await draftManifest(ingredients, sorted) };
}

async function draftManifest({ plan, names }: Ingredients, tree: ReadonlyMediaTree): Promise<ManifestDraft> {
  const { packages, runtimes } = plan;
  const { project, upgradePackages } = plan.resolved;
  return {
    formatVersion: 1,
    id: names.id,
    name: project.name,
    label: project.label,
    builtBy: `mediasmith ${VERSION}`,
    bootEnvironment: project.bootEnvironment,
    unattended: project.unattended,
    sequences: project.sequences.map(({ sequence: { id, name } }) => ({
      id,
      name,
      file: `${MEDIUM_PATHS.sequences}/${id}.json`,
    })),
    images: plan.wims.flatMap(describeImages),
    packages: packages.map(({ name, bytes }, index) => ({ name, file: MEDIUM_PATHS.content, index: index + 1, bytes })),
    applications: project.applications,
    upgradePackages: upgradePackages.map(({ name, architecture, version, languages, editions }) => ({
      name,
      folder: `${UPGRADE_FOLDER}/${name}`,
      ...{ architecture, version, languages, editions },
    })),
    windowsRuntimes: runtimes.map(({ architecture, path }) => ({ architecture, file: path })),
    variables: project.variables.map(({ name, value, secret }) => ({
      name,
      secret,
      ...(hasValue(value) && { value }),
    })),
    ...(project.machines !== undefined && { machines: MACHINES_PATH }),
    ...(project.preferredSequence !== undefined && { preferredSequence: project.preferredSequence }),
    files: await Promise.all(
      [...tree].map(async ([path, source]) => ({
        path,
        bytes: source.kind === 'bytes' ? source.data.length : (await stat(source.path)).size,
      })),
    ),
  };
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
