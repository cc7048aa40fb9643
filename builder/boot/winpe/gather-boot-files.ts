import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MediasmithError } from '../../../runtime/contract/errors.ts';
import { mediumBootStore } from '../../../runtime/hive/medium-store.ts';
import type { Exec } from '../../../runtime/host/exec.ts';
import { fromFile, type MediaTree } from '../../media-tree.ts';
import { namedSource } from '../../named-source.ts';
import type { SigningSet, WindowsSigningSet } from '../../pe/signing-set.ts';
import type { BootContext, BootedMedium } from '../boot-environment.ts';
import type { BootFileTree } from './boot-file-set.ts';
import { type BootFile, type BootFiles, chooseBootFiles } from './boot-files.ts';
import { readBootStore } from './boot-store.ts';
import { bootStoreProblems } from './boot-store-check.ts';
import { type ImageBootFiles, imageBootFiles } from './image-boot-files.ts';
import { mediaBootFiles } from './media-boot-files.ts';
import type { ResolvedWinpe } from './resolved-winpe.ts';
import { type BootFileSigning, readSigning, refuseMixed, refuseUnstartable } from './signing.ts';

export type GatheredBootFiles = {
  tree: MediaTree;
  elTorito: BootFiles['elTorito'];
  /** What the certificates say, not the names. */
  set: SigningSet;
  signings: BootFileSigning[];
  /** Where the older set was taken without being asked for: what the newer one lacks. */
  newerLacks: string[];
};

/** Everything firmware and bootmgr need, out of the boot image and what lies around it. Refuses what would not start. */
export async function gatherBootFiles(
  winpe: ResolvedWinpe,
  { signing, time }: Pick<BootedMedium, 'signing'> & { time: Date },
  { exec, signal, workspace }: BootContext,
): Promise<GatheredBootFiles> {
  const { architecture, pressAnyKey } = winpe.options;
  const folder = join(workspace, 'boot-files');
  const scratch = join(workspace, 'boot-files-scratch');
  for (const path of [folder, scratch]) await mkdir(path, { recursive: true });
  using image = await imageBootFiles(winpe.file, winpe.index, { folder, signal, name: winpe.name });
  const media = mediaBootFiles(winpe.media);
  const plainSets = {
    ...(await plainSet('image', image, 'Windows/Boot/EFI/bootmgfw.efi', { scratch, exec })),
    ...(await plainSet('media', media, mediaLoader(architecture), { scratch, exec })),
  };
  const chosen = chooseBootFiles(
    { image: image.tree, ...(media !== undefined && { media: media.tree }), plainSets },
    { architecture, pressAnyKey, secureBoot: signing ?? 'default' },
  );
  const names = { image: winpe.name, media: media?.tree.name, made: undefined };
  const nameOf = ({ path, sourcePath = path, from }: BootFile) => `${sourcePath} in ${names[from] ?? path}`;
  const paths = await fetchAll(chosen.files, { image: image.fetch, media: media?.fetch });
  const tree: MediaTree = new Map();
  for (const file of chosen.files) {
    const path = paths.get(file);
    if (path !== undefined) tree.set(file.path, fromFile(path));
    else
      tree.set(file.path, {
        kind: 'bytes',
        data: mediumBootStore({ firmware: firmwareOf(file.path), timestamp: time }),
      });
  }
  const signings: BootFileSigning[] = [];
  for (const [file, path] of paths)
    if (/\.efi$|efisys\w*\.bin$/i.test(file.path))
      signings.push(...(await readSigning(file.path, path, { scratch, exec, name: nameOf(file) })));
  refuseUnstartable(signings, architecture);
  await refuseBadStores(paths, tree, { exec, nameOf });
  return {
    tree,
    elTorito: chosen.elTorito,
    set: refuseMixed(signings, signing),
    signings,
    newerLacks: chosen.newerLacks,
  };
}

type Fetch = ImageBootFiles['fetch'];

async function fetchAll(
  files: readonly BootFile[],
  from: { image: Fetch; media: Fetch | undefined },
): Promise<Map<BootFile, string>> {
  const found = new Map<BootFile, string>();
  for (const place of ['image', 'media'] as const) {
    const wanted = files.filter((file) => file.from === place);
    const paths = (await from[place]?.(wanted.map(({ sourcePath }) => sourcePath ?? ''))) ?? [];
    for (const [index, file] of wanted.entries()) found.set(file, paths[index] ?? '');
  }
  return found;
}

function mediaLoader(architecture: 'x64' | 'arm64'): string {
  return `efi/boot/${architecture === 'x64' ? 'bootx64' : 'bootaa64'}.efi`;
}

/** The set of files under their plain names, by the certificate of the one that firmware starts. */
async function plainSet<Name extends string>(
  name: Name,
  source: { tree: BootFileTree; fetch: Fetch } | undefined,
  path: string,
  tools: { scratch: string; exec: Exec },
): Promise<{ [K in Name]?: WindowsSigningSet }> {
  if (source === undefined || !source.tree.has(path)) return {};
  const [file = ''] = await source.fetch([path]);
  const [signing] = await readSigning(path, file, { ...tools, name: `${path} in ${source.tree.name}` });
  const set = signing?.set;
  return set === '2011' || set === '2023' ? ({ [name]: set } as { [K in Name]?: WindowsSigningSet }) : {};
}

const firmwareOf = (path: string): 'uefi' | 'bios' => (/^efi\//i.test(path) ? 'uefi' : 'bios');

/** A store that came with the source must start what is on this medium. */
async function refuseBadStores(
  paths: ReadonlyMap<BootFile, string>,
  tree: MediaTree,
  { exec, nameOf }: { exec: Exec; nameOf: (file: BootFile) => string },
): Promise<void> {
  const names = new Set([...tree.keys(), 'sources/boot.wim'].map((path) => path.toLowerCase()));
  for (const [bootFile, file] of paths) {
    const { path } = bootFile;
    if (!/(^|\/)bcd$/i.test(path)) continue;
    const store = await namedSource(file, nameOf(bootFile), () => readBootStore(file, exec));
    const problems = bootStoreProblems(store, {
      firmware: firmwareOf(path),
      has: (wanted) => names.has(wanted.toLowerCase()),
    });
    if (problems.length === 0) continue;
    throw new MediasmithError(
      'SOURCE_INVALID',
      `the boot configuration store ${path} of the source does not start WinPE`,
      {
        where: nameOf(bootFile),
        lines: problems,
        hint: 'Take the boot files from an unchanged Windows ISO or from the ADK: name it in winpe.bootFiles.',
      },
    );
  }
}
