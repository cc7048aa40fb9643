import { basename } from 'node:path';
import { MEDIUM_PATHS } from '../../runtime/contract/manifest.ts';
import { discFileBytes, discPartBytes } from '../discs/place-on-discs.ts';
import { FAT32_FILE_BYTES } from '../fat32.ts';
import type { WimSource } from '../resolve/resolve-images.ts';
import type { PlannedFile } from './planned-file.ts';

/** A WIM on the medium: where its images come from, at which index each will be, and in which form it is stored. */
export type PlannedWim = {
  /** The file, or the first of its parts. */
  path: string;
  source: WimSource;
  /**
   * in place: the source's file is what is on the medium. exported: chosen images, their data as it is. recompressed: the
   * same out of a solid file, whose data cannot be taken over. joined: a split source becomes one file.
   */
  how: 'in place' | 'exported' | 'recompressed' | 'joined';
  /** Written in parts that FAT32, or a disc, can hold. */
  split: boolean;
  /** How large a part may be, where that is less than what FAT32 can hold. */
  partBytes?: number;
  images: { name: string; index: number }[];
};

/** What the media can hold: whether FAT32 must, and the bytes of the smallest disc of a set. */
export type MediaLimits = { fat32: boolean; discBytes?: number | undefined };

/** Each source file becomes one WIM on the medium, named like it; the same name twice gets a number. */
export function planWims(sources: readonly WimSource[], limits: MediaLimits): PlannedWim[] {
  const used = new Set<string>();
  return sources.map((source) => {
    const stem = stemOf(source.path);
    let name = stem;
    for (let count = 2; used.has(name); count++) name = `${stem}-${count}`;
    used.add(name);
    const { how, split, partBytes } = formOf(source, limits);
    const order = [...new Set(source.chosen.map(({ index }) => index))];
    const images = source.chosen.map((chosen) => ({
      name: chosen.name,
      index: source.whole ? chosen.index : order.indexOf(chosen.index) + 1,
    }));
    const path = `${MEDIUM_PATHS.images}/${name}.${extensionOf(source, how, split)}`;
    return { path, source, how, split, ...(partBytes !== undefined && { partBytes }), images };
  });
}

/** What was solid may become twice as large. */
const UNPACKED = 2;

type Form = Pick<PlannedWim, 'how' | 'split' | 'partBytes'>;

function formOf(source: WimSource, limits: MediaLimits): Form {
  const { parts, whole, compression } = source;
  if (staysInParts(source, limits)) return { how: 'in place', split: false };
  const divided = divisionOf(source, limits);
  // What is solid cannot be divided.
  if (compression === 'LZMS' && (divided.split || !whole)) return { how: 'recompressed', ...divided };
  if (!whole) return { how: 'exported', ...divided };
  return { how: parts.length > 1 ? 'joined' : 'in place', ...divided };
}

/** A split source is taken as it is where its parts are asked for and each of them is small enough. */
function staysInParts({ parts, partSizes, whole }: WimSource, { fat32, discBytes }: MediaLimits): boolean {
  if (parts.length === 1 || !whole || (!fat32 && discBytes === undefined)) return false;
  const most = Math.min(
    fat32 ? FAT32_FILE_BYTES : Number.POSITIVE_INFINITY,
    discBytes === undefined ? Number.POSITIVE_INFINITY : discFileBytes(discBytes),
  );
  return partSizes.every((bytes) => bytes <= most);
}

/** Whether what is one file must be divided, by how large it may become. */
function divisionOf(source: WimSource, { fat32, discBytes }: MediaLimits): Omit<Form, 'how'> {
  const grows = source.compression === 'LZMS' && !source.whole;
  const bytes = source.bytes * (grows ? UNPACKED : 1);
  if (discBytes !== undefined && bytes > discFileBytes(discBytes))
    return { split: true, partBytes: Math.min(discPartBytes(discBytes), FAT32_FILE_BYTES) };
  return { split: fat32 && bytes > FAT32_FILE_BYTES };
}

/** DISM goes by the extension: a split WIM is .swm, a solid one .esd. */
function extensionOf({ parts, compression }: WimSource, how: PlannedWim['how'], split: boolean): string {
  if (split || (how === 'in place' && parts.length > 1)) return 'swm';
  return how === 'in place' && compression === 'LZMS' ? 'esd' : 'wim';
}

function stemOf(path: string): string {
  return (
    basename(path)
      .replace(/\.[^.]*$/, '')
      .toLowerCase()
      .replace(/[^a-z0-9_-]+/g, '-')
      .slice(0, 48) || 'image'
  );
}

export function planWimFile({ path, source, how, split }: PlannedWim): PlannedFile {
  const bytes = source.bytes * (how === 'recompressed' ? UNPACKED : 1);
  const parts = how === 'in place' && source.parts.length > 1 && { partSizes: source.partSizes };
  return { path, bytes, from: source.origin, how: split ? 'split' : how, ...parts };
}
