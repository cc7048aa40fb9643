import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ManifestImage, MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { VERSION } from '../../runtime/contract/version.ts';
import { linuxBootTree } from '../boot/linux/boot-tree.ts';
import { renderGrubConfig } from '../boot/linux/grub-config.ts';
import type { LinuxBootEnvironment } from '../boot/linux/prepare.ts';
import type { ManifestDraft } from '../manifest-draft.ts';
import { fromFile, fromText, type MediaTree, type ReadonlyMediaTree } from '../media-tree.ts';
import type { MediumNames } from '../medium-identity.ts';
import type { MediaPlan, PlannedWim } from '../plan.ts';

/** What the earlier stages have made ready. */
export type Ingredients = {
  plan: MediaPlan;
  names: MediumNames;
  environment: LinuxBootEnvironment;
  wimFiles: ReadonlyMap<PlannedWim, string>;
  contentFile: string | undefined;
};

const GRUB_TEMPLATE = fileURLToPath(new URL('../../templates/linux/grub.cfg', import.meta.url));

/** The media tree without the manifest, and the draft of the manifest over it. Reads sizes; copies nothing. */
export async function layOutMedium(ingredients: Ingredients): Promise<{ tree: MediaTree; draft: ManifestDraft }> {
  const { plan, names, environment, wimFiles, contentFile } = ingredients;
  const { project } = plan.resolved;
  const titles = project.sequences.map(({ sequence: { id, name } }) => ({ id, title: name }));
  const grub = renderGrubConfig(await readFile(GRUB_TEMPLATE, 'utf8'), { mediumId: names.id, sequences: titles });
  const tree: MediaTree = linuxBootTree(environment, grub);
  tree.set(MEDIUM_PATHS.bootPackages, fromFile(environment.packagesFile));
  for (const name of await readdir(environment.licencesFolder)) {
    tree.set(`${MEDIUM_PATHS.licences}/${name}`, fromFile(join(environment.licencesFolder, name)));
  }
  for (const { sequence } of project.sequences) {
    tree.set(`${MEDIUM_PATHS.sequences}/${sequence.id}.json`, fromText(`${JSON.stringify(sequence, null, 1)}\n`));
  }
  for (const [wim, file] of wimFiles) tree.set(wim.path, fromFile(file));
  if (contentFile !== undefined) tree.set(MEDIUM_PATHS.content, fromFile(contentFile));
  const sorted: MediaTree = new Map([...tree].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { tree: sorted, draft: await draftManifest(ingredients, sorted) };
}

async function draftManifest({ plan, names }: Ingredients, tree: ReadonlyMediaTree): Promise<ManifestDraft> {
  const { project, packages } = plan.resolved;
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
      }),
    };
  });
}
