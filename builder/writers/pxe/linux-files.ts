import { readFile, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  INITRD_PATH,
  KERNEL_PATH,
  kernelWords,
  NETWORK_INITRD_PATH,
  ownInitrds,
} from '../../../runtime/contract/linux-start.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import { renderGrubConfig } from '../../boot/linux/grub-config.ts';
import { NETWORK_MODULES } from '../../boot/linux/grub-modules.ts';
import type { LinuxBootEnvironment } from '../../boot/linux/prepare.ts';
import type { ManifestDraft } from '../../manifest-draft.ts';
import { fromFile, fromText } from '../../media-tree.ts';
import { makeGrubCore } from '../../tools/grub.ts';
import { treeAddress } from './address.ts';
import { PXE_PATHS } from './paths.ts';
import type { PxeFiles } from './pxe-files.ts';
import { fillTemplate, serverTexts } from './templates.ts';

export type LinuxPxe = {
  kind: 'linux';
  environment: Pick<LinuxBootEnvironment, 'root' | 'shim' | 'mokManager'>;
  /** What `prepareNetworkImage` has made. */
  networkImage: string;
};

/** What the medium has for itself. */
type OwnInitrds = { signed: boolean; keyboard: boolean };

const GRUB_TEMPLATE = fileURLToPath(new URL('../../../templates/pxe/grub.cfg', import.meta.url));
/** Debian's signed GRUB with network drivers and its configuration's place built in. */
const SIGNED_NETWORK_GRUB = 'usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed';

/** What starts our Linux environment from the network: shim and GRUB for UEFI, GRUB for BIOS, a script for iPXE. */
export async function linuxPxeFiles(
  { environment, networkImage }: LinuxPxe,
  draft: ManifestDraft,
  options: { url: string | undefined; workspace: string; exec: Exec; own: OwnInitrds },
): Promise<PxeFiles> {
  const { own } = options;
  const address = treeAddress(options.url);
  const core = await makeNetworkCore(environment.root, options.workspace, options.exec);
  const listed = new Map([
    [NETWORK_INITRD_PATH, fromFile(networkImage)],
    [PXE_PATHS.shim, fromFile(environment.shim)],
    [PXE_PATHS.grubEfi, fromFile(join(environment.root, SIGNED_NETWORK_GRUB))],
    [PXE_PATHS.mokManager, fromFile(environment.mokManager)],
    [PXE_PATHS.grubBios, fromFile(core)],
  ]);
  const texts = await serverTexts('README-linux.txt', {
    name: draft.name,
    id: draft.id,
    address: address.text,
    bios: PXE_PATHS.grubBios,
    uefi: PXE_PATHS.shim,
  });
  const open = new Map([
    ...texts,
    [PXE_PATHS.grubConfig, fromText(grubConfig(await readFile(GRUB_TEMPLATE, 'utf8'), draft, address.grub, own))],
    [PXE_PATHS.ipxeScript, fromText(await ipxeScript(draft, address.ipxe, own))],
  ]);
  return { listed, open };
}

function grubConfig(template: string, draft: ManifestDraft, address: string, own: OwnInitrds): string {
  return renderGrubConfig(
    template.replace('{{url}}', () => address),
    {
      mediumId: draft.id,
      ...own,
      sequences: draft.sequences.map(({ id, name }) => ({ id, title: name })),
      initrds: [INITRD_PATH, NETWORK_INITRD_PATH],
      kernelOptions: ['mediasmith.url=$mediasmith_url', 'mediasmith.mac=$net_default_mac'],
    },
  );
}

/** Without a menu: with several sequences the runtime asks. */
function ipxeScript({ id, sequences }: ManifestDraft, address: string, own: OwnInitrds): Promise<string> {
  const initrds = [INITRD_PATH, NETWORK_INITRD_PATH, ...ownInitrds(own)];
  const only = sequences.length === 1 ? sequences[0]?.id : undefined;
  return fillTemplate('linux.ipxe', {
    url: address,
    kernel: KERNEL_PATH,
    names: initrds.map((path) => `initrd=${posix.basename(path)}`).join(' '),
    initrds: initrds.map(initrdLine).join('\n'),
    words: kernelWords({ mediumId: id, ...own }, only).join(' '),
  });
}

function initrdLine(path: string): string {
  return `initrd --name ${posix.basename(path)} \${mediasmith_url}${path} || goto failed`;
}

async function makeNetworkCore(root: string, workspace: string, exec: Exec): Promise<string> {
  const configuration = join(workspace, 'pxe-grub.cfg');
  const output = join(workspace, 'pxe-grub.0');
  // GRUB goes on with `$prefix/grub.cfg` by itself.
  await writeFile(configuration, 'set prefix=(pxe)/grub\n');
  await makeGrubCore({ root, modules: NETWORK_MODULES, configuration, output, start: 'pxe' }, exec);
  return output;
}
