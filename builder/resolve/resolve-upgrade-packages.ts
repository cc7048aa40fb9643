import { MediasmithError } from '../../runtime/contract/errors.ts';
import { formatBytes } from '../../runtime/contract/format-bytes.ts';
import { MediumPath } from '../../runtime/contract/manifest.ts';
import { WimFile } from '../../runtime/wim/wim-file.ts';
import type { UpgradePackage } from '../config/content-schema.ts';
import type { MediaFile } from '../config/schema.ts';
import { FAT32_FILE_BYTES, goesOntoFat32 } from '../fat32.ts';
import { fingerprintFile } from '../fingerprint.ts';
import { openSource } from '../sources/open-source.ts';
import type { SourceTree } from '../sources/source-tree.ts';
import { refuseWindowsNames } from '../windows-names.ts';
import type { ResolveContext } from './resolve-images.ts';

/** Windows installation files, and the Windows they bring. */
export type UpgradeSource = {
  name: string;
  /** What the project calls it. */
  origin: string;
  files: { path: string; file: string; bytes: number }[];
  fingerprint: string;
  architecture: string;
  version: string;
  languages: string[];
  editions: string[];
};

/** Opens what Windows Setup upgrades from. Files inside an ISO are unpacked into the cache. */
export async function resolveUpgradePackages(
  { upgradePackages, ...project }: Pick<MediaFile, 'upgradePackages' | 'fat32' | 'outputs'>,
  context: ResolveContext,
): Promise<UpgradeSource[]> {
  const resolved: UpgradeSource[] = [];
  for (const upgrade of upgradePackages) {
    const tree = await treeOf(upgrade, context);
    const image = neededFile(upgrade, tree, ['sources/install.wim', 'sources/install.esd']);
    neededFile(upgrade, tree, ['setup.exe']);
    refuseNames(upgrade, tree);
    refuseWindowsNames(`upgrade package "${upgrade.name}"`, upgrade.source, withFolders(tree.files()));
    if (goesOntoFat32(project)) refuseLarge(upgrade, tree);
    resolved.push(await describe(upgrade, tree, image, context));
  }
  return resolved;
}

async function treeOf({ name, source }: UpgradePackage, context: ResolveContext): Promise<SourceTree> {
  const opened = await openSource(source, context);
  if (opened.kind === 'tree') return opened.tree;
  throw new MediasmithError('SOURCE_INVALID', `upgrade package "${name}": ${source} is an image and no Windows Setup`, {
    where: source,
    hint: 'Name a Windows ISO, or a folder with all of its files: an upgrade is started by its setup.exe.',
  });
}

function neededFile({ name, source }: UpgradePackage, tree: SourceTree, paths: readonly string[]): string {
  const found = paths.map((path) => tree.find(path)).find((path) => path !== undefined);
  if (found !== undefined) return found;
  throw new MediasmithError('SOURCE_INVALID', `upgrade package "${name}": ${source} has no ${paths.join(' or ')}`, {
    where: source,
    hint: 'Name a Windows ISO for one architecture, or a folder with all of its files.',
  });
}

function refuseNames({ name, source }: UpgradePackage, tree: SourceTree): void {
  const bad = tree.files().find((path) => !MediumPath.safeParse(path).success);
  if (bad === undefined) return;
  throw new MediasmithError(
    'SOURCE_INVALID',
    `upgrade package "${name}": a medium cannot hold ${JSON.stringify(bad)}`,
    {
      where: source,
    },
  );
}

/** Every path, and each folder on the way to one, once. */
function withFolders(files: readonly string[]): string[] {
  const folders = files.flatMap((path) =>
    path.split('/').flatMap((_, depth, names) => (depth === 0 ? [] : [names.slice(0, depth).join('/')])),
  );
  return [...new Set([...folders, ...files])].sort();
}

function refuseLarge({ name, source }: UpgradePackage, tree: SourceTree): void {
  const large = tree.files().find((path) => tree.size(path) > FAT32_FILE_BYTES);
  if (large === undefined) return;
  const size = formatBytes(tree.size(large));
  throw new MediasmithError('PROJECT_INVALID', `upgrade package "${name}": FAT32 cannot hold ${large} with ${size}`, {
    where: source,
    hint: 'Leave fat32 out, or give the stick the layout fat32+exfat: Windows Setup is started from the medium as it is, so its files are not split.',
  });
}

async function describe(
  { name, source }: UpgradePackage,
  tree: SourceTree,
  image: string,
  context: ResolveContext,
): Promise<UpgradeSource> {
  const paths = tree.files().toSorted();
  const files = await tree.fetch(paths);
  const wimFile = files[paths.indexOf(image)] ?? '';
  using wim = await WimFile.open(wimFile, { signal: context.signal });
  const windows = wim.images().flatMap((one) => one.windows ?? []);
  const [first] = windows;
  if (first === undefined) {
    throw new MediasmithError('SOURCE_INVALID', `upgrade package "${name}": ${image} of ${source} holds no Windows`, {
      where: source,
    });
  }
  const sizes = paths.map((path) => `${path} ${tree.size(path)}`);
  return {
    name,
    origin: source,
    files: paths.map((path, index) => ({ path, file: files[index] ?? '', bytes: tree.size(path) })),
    fingerprint: [await fingerprintFile(wimFile), ...sizes].join('\n'),
    architecture: first.architecture,
    version: first.version,
    languages: [...new Set(windows.flatMap(({ languages }) => languages))],
    editions: [...new Set(windows.map(({ edition }) => edition).filter((edition) => edition !== ''))],
  };
}
