import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  INITRD_PATH,
  KEY_INITRD_PATH,
  KEYBOARD_INITRD_PATH,
  NETWORK_INITRD_PATH,
} from '../../../runtime/contract/linux-start.ts';
import { MEDIUM_PATHS } from '../../../runtime/contract/manifest.ts';
import { parsePublicKey, publicKeyFile } from '../../../runtime/seal/minisign.ts';
import { contentKey } from '../../cached-folder.ts';
import { isKernelDefault, xkbKeyboard } from '../../config/keyboard-layouts.ts';
import { fromFile, fromText, type MediaTree } from '../../media-tree.ts';
import { hybridBootArgv } from '../../tools/xorriso.ts';
import type { BootContext, BootEnvironment, BootedMedium, IsoBoot } from '../boot-environment.ts';
import { makeBiosImages } from './bios-image.ts';
import { linuxBootTree } from './boot-tree.ts';
import { makeEfiImage } from './efi-image.ts';
import { NETWORK_WORD, renderGrubConfig } from './grub-config.ts';
import { makeKeyImage } from './key-image.ts';
import { makeKeyboardImage } from './keyboard/keyboard-image.ts';
import { AMERICAN_LETTERS, compileKeymap, type Keymap } from './keyboard/keymap.ts';
import { prepareNetworkImage } from './network-image.ts';
import { type LinuxBootEnvironment, type PrepareOptions, prepareLinuxBootEnvironment } from './prepare.ts';
import { withSignal } from './prepare-packages.ts';
import { stickBiosFiles } from './stick-files.ts';

const GRUB_TEMPLATE = fileURLToPath(new URL('../../../templates/linux/grub.cfg', import.meta.url));
/** xorriso writes into it, so that no manifest lists it. */
export const EL_TORITO_PATH = 'boot/grub/i386-pc/eltorito.img';

/** `keyboard`: as media.yaml names it; the American one unless given. */
export type LinuxOptions = PrepareOptions & { keyboard?: string | undefined };

/** Our Linux boot environment, from the cache or made now. */
export async function linuxEnvironment(options: LinuxOptions): Promise<BootEnvironment> {
  const environment = await prepareLinuxBootEnvironment(options);
  const keymap = await keymapOf(environment, options);
  const networkImage = ({ exec, emit }: BootContext) =>
    prepareNetworkImage({ cacheFolder: options.cacheFolder, environment, exec, emit });
  return {
    key: keymap === undefined ? environment.key : contentKey([environment.key, keymap.text]),
    letters: keymap?.letters ?? AMERICAN_LETTERS,
    forMedium: async (medium, context) => ({
      tree: await mediumTree(environment, keymap, medium, networkImage, context),
      report: {
        lines: [`Linux ${environment.kernelRelease}, ${environment.packages.length} packages`],
        facts: { kind: 'linux', kernel: environment.kernelRelease, key: environment.key },
      },
      isoBoot: (within) => isoBoot(environment, medium, within),
      pxeBoot: async (within) => ({
        kind: 'linux',
        root: environment.root,
        shim: environment.shim,
        mokManager: environment.mokManager,
        networkImage: await networkImage(within),
      }),
    }),
  };
}

/** Undefined where the kernel has it already. */
async function keymapOf({ root }: LinuxBootEnvironment, options: LinuxOptions): Promise<Keymap | undefined> {
  if (options.keyboard === undefined) return undefined;
  const layout = xkbKeyboard(options.keyboard);
  if (layout === undefined) throw new Error(`no keyboard layout ${options.keyboard}`);
  return isKernelDefault(layout) ? undefined : compileKeymap(layout, root, withSignal(options.exec, options.signal));
}

async function mediumTree(
  environment: LinuxBootEnvironment,
  keymap: Keymap | undefined,
  { id, sequences, publicKey, network = false }: BootedMedium,
  networkImage: (context: BootContext) => Promise<string>,
  context: BootContext,
): Promise<MediaTree> {
  const { exec, workspace } = context;
  const signed = publicKey !== undefined;
  const grub = renderGrubConfig(await readFile(GRUB_TEMPLATE, 'utf8'), {
    ...{ mediumId: id, sequences, signed, keyboard: keymap !== undefined },
    ...(network && { initrds: [INITRD_PATH, NETWORK_INITRD_PATH], kernelOptions: [NETWORK_WORD] }),
  });
  const tree: MediaTree = linuxBootTree(environment, grub);
  tree.set(MEDIUM_PATHS.bootPackages, fromFile(environment.packagesFile));
  if (network) tree.set(NETWORK_INITRD_PATH, fromFile(await networkImage(context)));
  if (keymap !== undefined) {
    const data = await makeKeyboardImage({ keymap: keymap.text, workspace }, exec);
    tree.set(KEYBOARD_INITRD_PATH, { kind: 'bytes', data });
  }
  if (signed) {
    const key = publicKeyFile(parsePublicKey(publicKey));
    tree.set(MEDIUM_PATHS.publicKey, fromText(key));
    tree.set(KEY_INITRD_PATH, { kind: 'bytes', data: await makeKeyImage({ key, workspace }, exec) });
  }
  for (const name of await readdir(environment.licencesFolder)) {
    tree.set(`${MEDIUM_PATHS.licences}/${name}`, fromFile(join(environment.licencesFolder, name)));
  }
  const stick = { root: environment.root, mediumId: id, start: 'linux', workspace } as const;
  for (const [path, source] of await stickBiosFiles(stick, exec)) tree.set(path, source);
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
