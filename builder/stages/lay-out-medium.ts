import { stat } from 'node:fs/promises';
import { type ManifestImage, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { VERSION } from '../../runtime/contract/version.ts';
import type { BootMedium } from '../boot/boot-environment.ts';
import type { ManifestDraft } from '../manifest-draft.ts';
import { fromFile, fromText, type MediaTree, type ReadonlyMediaTree } from '../media-tree.ts';
import type { MediumNames } from '../medium-identity.ts';
import type { MediaPlan } from '../plan/plan.ts';
import type { PlannedWim } from '../plan/plan-wims.ts';
import type { WimPart } from './export-images.ts';

/** What the earlier stages have made ready. */
export type Ingredients = {
  plan: MediaPlan;
  names: MediumNames;
  boot: BootMedium;
  wimFiles: ReadonlyMap<PlannedWim, readonly WimPart[]>;
  contentFile: string | undefined;
};

/** The media tree without the manifest, and the draft of the manifest over it. Reads sizes; copies nothing. */
export async function layOutMedium(ingredients: Ingredients): Promise<{ tree: MediaTree; draft: ManifestDraft }> {
  const { plan, boot, wimFiles, contentFile } = ingredients;
  const { project } = plan.resolved;
  const tree: MediaTree = new Map(boot.tree);
  for (const { sequence } of project.sequences) {
    tree.set(`${MEDIUM_PATHS.sequences}/${sequence.id}.json`, fromText(`${JSON.stringify(sequence, null, 1)}\n`));
  }
  for (const { path, file, sha256 } of [...wimFiles.values()].flat()) tree.set(path, fromFile(file, sha256));
  if (contentFile !== undefined) tree.set(MEDIUM_PATHS.content, fromFile(contentFile));
  const sorted: MediaTree = new Map([...tree].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { tree: sorted, draft: await draftManifest(ingredients, sorted) };
}

async function draftManifest({ plan, names }: Ingredients, tree: ReadonlyMediaTree): Promise<ManifestDraft> {
  const { packages } = plan;
  const { project } = plan.resolved;
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
