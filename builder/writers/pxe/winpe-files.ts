import { basename } from 'node:path/posix';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { WinpeNetwork } from '../../../runtime/contract/winpe-start.ts';
import type { ManifestDraft } from '../../manifest-draft.ts';
import { fromFile, fromText, type ReadonlyMediaTree } from '../../media-tree.ts';
import { treeAddress } from './address.ts';
import { PXE_PATHS } from './paths.ts';
import type { PxeFiles } from './pxe-files.ts';
import { fillTemplate, serverTexts } from './templates.ts';
import { checkWimboot, type Wimboot } from './wimboot.ts';

export type WinpePxe = { kind: 'winpe'; wimboot: Wimboot };

/** What wimboot must be given, by the names it knows, and where Windows media have each; spelling differs in case. */
const NEEDED: readonly [name: string, paths: readonly string[]][] = [
  ['BCD', ['boot/bcd', 'efi/microsoft/boot/bcd']],
  ['boot.sdi', ['boot/boot.sdi']],
];
const BOOT_WIM: readonly [name: string, paths: readonly string[]] = ['boot.wim', ['sources/boot.wim']];
/** Only a BIOS needs it, and wimboot finds one in newer boot.wim files itself. */
const BOOTMGR: readonly [name: string, paths: readonly string[]] = ['bootmgr', ['bootmgr']];

/** What UEFI starts by its own name, of the medium's signing set. wimboot takes it before any loader inside boot.wim. */
const LOADERS = ['bootx64.efi', 'bootaa64.efi'];
const FROM_MICROSOFT = 'efi/microsoft/boot';
/**
 * What wimboot takes out of boot.wim too unless it has a file of that name, and there only out of the older set's folders
 * (its source, efifile.c, as of 2.9.0).
 */
const BESIDE_LOADER = ['boot.stl', 'fonts/segmono_boot.ttf', 'fonts/segoen_slboot.ttf']
  .concat(['fonts/segoe_slboot.ttf', 'fonts/wgl4_boot.ttf'])
  .map((path) => `${FROM_MICROSOFT}/${path}`);

/**
 * What starts Windows PE from the network: wimboot, a script for iPXE, and a file in which WinPE finds the address of the
 * medium. `tree` has the files of Windows PE.
 */
export async function winpePxeFiles(
  { wimboot }: WinpePxe,
  tree: ReadonlyMediaTree,
  draft: ManifestDraft,
  { url }: { url: string | undefined },
): Promise<PxeFiles> {
  await checkWimboot(wimboot);
  if (url === undefined) throw withoutAddress();
  const address = treeAddress(url);
  const network: WinpeNetwork = { formatVersion: 1, url: address.text };
  const needed = NEEDED.map(([name, paths]) => [name, locate(tree, name, paths)] as const);
  const bootmgr = find(tree, BOOTMGR[1]);
  const files = [
    ...(bootmgr === undefined ? [] : [[BOOTMGR[0], bootmgr] as const]),
    ...needed,
    ...signedFiles(tree),
    [PXE_PATHS.winpeNetwork, PXE_PATHS.winpeNetwork] as const,
    [BOOT_WIM[0], locate(tree, ...BOOT_WIM)] as const,
  ];
  const script = await fillTemplate('winpe.ipxe', {
    url: address.ipxe,
    wimboot: PXE_PATHS.wimboot,
    network: PXE_PATHS.winpeNetwork,
    files: files.map(([name, path]) => initrdLine(name, path)).join('\n'),
  });
  const texts = await serverTexts('README-winpe.txt', {
    name: draft.name,
    id: draft.id,
    address: address.text,
    folder: PXE_PATHS.folder,
    network: PXE_PATHS.winpeNetwork,
    bios: PXE_PATHS.ipxeBios,
    uefi: PXE_PATHS.ipxeEfi,
    wimbootSha256: wimboot.sha256.trim().toLowerCase(),
  });
  return {
    listed: new Map([[PXE_PATHS.wimboot, fromFile(wimboot.path)]]),
    open: new Map([
      ...texts,
      [PXE_PATHS.ipxeScript, fromText(script)],
      [PXE_PATHS.winpeNetwork, fromText(`${JSON.stringify(network, null, 2)}\n`)],
    ]),
  };
}

/** What belongs to a signing set; nothing where the medium has no loader for UEFI. */
function signedFiles(tree: ReadonlyMediaTree): (readonly [name: string, path: string])[] {
  const loaders = LOADERS.map((name) => find(tree, [`efi/boot/${name}`])).filter((path) => path !== undefined);
  if (loaders.length === 0) return [];
  const beside = BESIDE_LOADER.map((path) => find(tree, [path])).filter((path) => path !== undefined);
  // wimboot compares names without regard to case; iPXE shows them.
  return [...loaders, ...beside].map((path) => [basename(path).toLowerCase(), path] as const);
}

function initrdLine(name: string, path: string): string {
  const address = path.split('/').map(encodeURIComponent).join('/');
  return `initrd --name ${name} \${mediasmith_url}${address} || goto failed`;
}

function withoutAddress(): MediasmithError {
  return new MediasmithError('PROJECT_INVALID', 'a PXE tree for Windows PE needs its address on the web server', {
    hint: 'Give the output a url: iPXE can tell Windows PE nothing, so that it could not find its medium.',
  });
}

function locate(tree: ReadonlyMediaTree, name: string, paths: readonly string[]): string {
  const found = find(tree, paths);
  if (found !== undefined) return found;
  throw new MediasmithError('MEDIUM_INVALID', `Windows PE cannot start from the network without ${name}`, {
    lines: paths.map((path) => `looked for: ${path}`),
    hint: 'Name a source that has it: a Windows ISO, the Media folder of the ADK, or a boot.wim with its boot files inside.',
  });
}

function find(tree: ReadonlyMediaTree, paths: readonly string[]): string | undefined {
  const byLowerCase = new Map([...tree.keys()].map((path) => [path.toLowerCase(), path]));
  return paths.map((path) => byLowerCase.get(path)).find((path) => path !== undefined);
}
