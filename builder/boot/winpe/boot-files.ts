import { MediasmithError } from '../../../runtime/contract/errors.ts';
import type { WindowsSigningSet } from '../../pe/signing-set.ts';
import {
  type BootFileEntry,
  type BootFileSources,
  type BootFileTree,
  type BootFileWish,
  bootFileEntries,
  efiBootImage,
  type Place,
} from './boot-file-set.ts';

/** A boot file of the medium, by its path there, and where its bytes come from: `made` is written by us. */
export type BootFile =
  | { path: string; from: 'image' | 'media'; sourcePath: string }
  | { path: string; from: 'made'; sourcePath?: undefined };

export type BootFiles = {
  /** By the names the files had; their certificates have the last word. */
  set: WindowsSigningSet;
  files: BootFile[];
  /** What kept the newer set from being taken by default, where the image has some of it. */
  newerLacks: string[];
  /** The images of the two El Torito entries, among the files. */
  elTorito: { bios?: string; uefi: string };
};

/**
 * Chooses where each boot file of a Windows medium comes from. `default` takes the 2023-signed set where all of it is
 * there. The image goes before the media, so that the boot files are of the Windows they start.
 *
 * Throws `BOOT_FILES_NOT_FOUND` with every place that was looked at.
 */
export function chooseBootFiles(
  sources: BootFileSources,
  wish: BootFileWish & { secureBoot: WindowsSigningSet | 'default' },
): BootFiles {
  const { secureBoot } = wish;
  const newer = chooseSet(sources, wish, '2023');
  const older = chooseSet(sources, wish, '2011');
  const chosen = secureBoot === '2011' || (secureBoot === 'default' && newer.missing.length > 0) ? older : newer;
  if (chosen.missing.length > 0) {
    const other = chosen === newer ? older : newer;
    throw notFound(sources, chosen, secureBoot !== 'default' && other.missing.length === 0);
  }
  const bios = chosen.files.find(({ path }) => path === 'boot/etfsboot.com')?.path;
  return {
    set: chosen.set,
    files: chosen.files,
    newerLacks:
      secureBoot === 'default' && chosen === older && hasNewer(sources) ? newer.missing.map(({ path }) => path) : [],
    elTorito: { ...(bios !== undefined && { bios }), uefi: efiBootImage(wish.pressAnyKey) },
  };
}

/** Whether somebody could expect the newer set: its loader is in the image. */
function hasNewer({ image }: BootFileSources): boolean {
  return image.has('Windows/Boot/EFI_EX/bootmgfw_EX.efi');
}

type Choice = { set: WindowsSigningSet; files: BootFile[]; missing: BootFileEntry[] };

function chooseSet(sources: BootFileSources, wish: BootFileWish, set: WindowsSigningSet): Choice {
  const choice: Choice = { set, files: [], missing: [] };
  for (const entry of bootFileEntries(sources, wish, set)) {
    const files = entry.fonts === true ? fontsOf(sources, entry) : fileOf(sources, entry);
    choice.files.push(...files);
    if (files.length === 0 && entry.otherwise === 'missing') choice.missing.push(entry);
  }
  return choice;
}

function fileOf(sources: BootFileSources, entry: BootFileEntry): BootFile[] {
  const { path } = entry;
  const place = entry.places.find((candidate) => treeOf(sources, candidate)?.has(candidate.path));
  if (place !== undefined) return [{ path, from: place.from, sourcePath: place.path }];
  return entry.otherwise === 'made' ? [{ path, from: 'made' }] : [];
}

/** The newer set's fonts have `_EX` behind their names, which the boot manager does not look for. */
function fontsOf(sources: BootFileSources, entry: BootFileEntry): BootFile[] {
  for (const { from, path } of entry.places) {
    const names = treeOf(sources, { from, path })?.list(path) ?? [];
    const fonts = names.filter((name) => /\.ttf$/i.test(name)).sort();
    if (fonts.length === 0) continue;
    return fonts.map((name) => ({
      path: `${entry.path}/${name.replace(/_EX(?=\.ttf$)/i, '')}`,
      from,
      sourcePath: `${path}/${name}`,
    }));
  }
  return [];
}

function treeOf({ image, media }: BootFileSources, { from }: Place): BootFileTree | undefined {
  return from === 'image' ? image : media;
}

function notFound(sources: BootFileSources, { set, missing }: Choice, otherIsThere: boolean): MediasmithError {
  const { image, media } = sources;
  const names = media === undefined ? `not in ${image.name}` : `neither in ${image.name} nor in ${media.name}`;
  const signed = set === '2023' ? ' signed for Windows UEFI CA 2023' : otherIsThere ? ' of the older signing set' : '';
  return new MediasmithError('BOOT_FILES_NOT_FOUND', `boot files${signed} are ${names}`, {
    where: image.name,
    lines: missing.map((entry) => lookedAt(sources, entry)),
    hint: otherIsThere
      ? OTHER_SET[set]
      : "Name the ADK's Media folder with its Oscdimg folder, or a Windows ISO of this architecture, as the source of the boot files.",
  });
}

/** By the set that was asked for, where all of the other is there. */
const OTHER_SET: Readonly<Record<WindowsSigningSet, string>> = {
  2023: 'Use a boot image serviced in April 2024 or later, which has the newer set, or ask for "secureBoot: 2011".',
  2011: 'Ask for "secureBoot: 2023", of which all files are there, or name the source of the older set as "bootFiles".',
};

function lookedAt(sources: BootFileSources, { path, places }: BootFileEntry): string {
  const looked = places.map((place) => `${treeOf(sources, place)?.name ?? place.from}: ${place.path}`);
  return `${path}: ${looked.length === 0 ? 'no place has it in this set' : `looked for ${looked.join(', ')}`}`;
}
