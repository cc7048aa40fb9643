import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MEDIUM_PATHS } from '../../../runtime/contract/manifest.ts';
import { fromFile, type MediaTree } from '../../media-tree.ts';
import { hybridBootArgv } from '../../tools/xorriso.ts';
import type { BootContext, BootEnvironment, BootedMedium, IsoBoot } from '../boot-environment.ts';
import { makeBiosImages } from './bios-image.ts';
import { linuxBootTree } from './boot-tree.ts';
import { makeEfiImage } from './efi-image.ts';
import { renderGrubConfig } from './grub-config.ts';
import { prepareNetworkImage } from './network-image.ts';
import { type LinuxBootEnvironment, type PrepareOptions, prepareLinuxBootEnvironment } from './prepare.ts';

const GRUB_TEMPLATE = fileURLToPath(new URL('../../../templates/linux/grub.cfg', import.meta.url));
/** xorriso writes into it, so that no manifest lists it. */
export const EL_TORITO_PATH = 'boot/grub/i386-pc/eltorito.img';

/** Our Linux boot environment, from the cache or made now. */
export async function linuxEnvironment(options: PrepareOptions): Promise<BootEnvironment> {
  const environment = await prepareLinuxBootEnvironment(options);
  return {
    key: environment.key,
    forMedium: async (medium) => ({
      tree: await mediumTree(environment, medium),
      report: {
        lines: [`Linux ${environment.kernelRelease}, ${environment.packages.length} packages`],
        facts: { kind: 'linux', kernel: environment.kernelRelease, key: environment.key },
      },
      isoBoot: (context) => isoBoot(environment, medium, context),
      pxeBoot: async ({ exec, emit }) => ({
        kind: 'linux',
        root: environment.root,
        shim: environment.shim,
        mokManager: environment.mokManager,
        networkImage: await prepareNetworkImage({ cacheFolder: options.cacheFolder, environment, exec, emit }),
      }),
    }),
  };
}

async function mediumTree(environment: LinuxBootEnvironment, medium: BootedMedium): Promise<MediaTree> {
  const { id, sequences } = medium;
  const grub = renderGrubConfig(await readFile(GRUB_TEMPLATE, 'utf8'), { mediumId: id, sequences });
  const tree: MediaTree = linuxBootTree(environment, grub);
  tree.set(MEDIUM_PATHS.bootPackages, fromFile(environment.packagesFile));
  for (const name of await readdir(environment.licencesFolder)) {
    tree.set(`${MEDIUM_PATHS.licences}/${name}`, fromFile(join(environment.licencesFolder, name)));
  }
  return tree;
}

async function isoBoot(
  environment: LinuxBootEnvironment,
  { identity }: BootedMedium,
  { exec, workspace }: BootContext,
): Promise<IsoBoot> {
  const efiImage = await makeEfiImage({ environment, identity, workspace }, exec);
  const { elTorito, bootSector } = await makeBiosImages({ root: environment.root, identity, workspace }, exec);
  const argv = hybridBootArgv({ gptGuid: identity.gptGuid, efiImage, elToritoPath: EL_TORITO_PATH, bootSector });
  return { argv, files: new Map([[EL_TORITO_PATH, fromFile(elTorito)]]) };
}
