import type { MediaProject } from '../config/load.ts';
import { wimbootOf } from '../config/schema.ts';
import { type PackageFolder, readPackageFolder } from '../package-folder.ts';
import { takeFromEnvironment } from '../secret-source.ts';
import { forgetUnpacked } from '../sources/archive-tree.ts';
import { packageFolder } from '../sources/package-source.ts';
import { checkWimboot } from '../writers/pxe/wimboot.ts';
import { refuseDisagreement } from './agreement.ts';
import { bootFileNotes } from './boot-file-notes.ts';
import { refuseUselessDrivers } from './driver-agreement.ts';
import { refuseOutputs } from './refuse-outputs.ts';
import { type ResolveContext, resolveImages } from './resolve-images.ts';
import { resolveUpgradePackages } from './resolve-upgrade-packages.ts';
import { resolveWinpe } from './resolve-winpe.ts';
import type { ResolvedProject } from './resolved-project.ts';
import { refuseUnfitVolumes } from './unfit-volumes.ts';

/** Opens every source. Throws for the first that is missing, damaged or does not have what is asked of it. */
export async function resolveProject(project: MediaProject, context: ResolveContext): Promise<ResolvedProject> {
  // Before the first program is started.
  takeFromEnvironment([project.password, project.signing?.password]);
  await refuseOutputs(project);
  for (const output of project.outputs) if (output.wimboot !== undefined) await checkWimboot(wimbootOf(output));
  const wims = await resolveImages(project.images, context);
  const packages: PackageFolder[] = [];
  for (const { name, source } of project.packages) {
    const folder = await packageFolder(source, context);
    packages.push({ ...(await readPackageFolder(name, folder)), fromArchive: folder !== source });
  }
  const upgradePackages = await resolveUpgradePackages(project, context);
  const image = project.winpe === undefined ? undefined : await resolveWinpe(project.winpe, packages, context);
  refuseDisagreement({ project, wims, winpe: image });
  const sizes = wims.flatMap(({ chosen }) => chosen.map((one) => ({ name: one.name, bytes: one.image.bytes })));
  await refuseUnfitVolumes(project, sizes);
  const winpe = image === undefined ? undefined : { ...image, notes: await bootFileNotes(image, context) };
  await refuseUselessDrivers({ project, packages, winpe });
  const { images, upgradePackages: upgrades } = project;
  await forgetUnpacked(context, images.length + project.packages.length + upgrades.length + 2);
  return { project, wims, packages, upgradePackages, winpe };
}
