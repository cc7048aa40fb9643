import { MediasmithError } from '../../runtime/contract/errors.ts';
import type { StickLayout, StickTable } from '../config/schema.ts';
import { bytesOf, type HashOptions, hashPlace, type Place, readPlace } from '../placed-content.ts';

export type MediumFile = { path: string; bytes: number };

/** How a stick is laid out. */
export type StickFacts = {
  partitionTable: StickTable;
  layout: StickLayout;
  /** Of the whole stick. */
  bytes: number;
  /** The one with the manifest first. */
  volumes: { fileSystem: 'fat32' | 'exfat'; label: string; bytes: number; freeBytes: number }[];
};

/** The files of a medium where they lie: nothing is unpacked unless it is compressed. Errors of reading are the operating system's own. */
export type MediumFiles = {
  /** What the person named. */
  path: string;
  kind: 'iso' | 'stick' | 'wim' | 'folder';
  /** Of a stick, or of an image of one. */
  stick?: StickFacts;
  /** Every file, in the order in which they are read fastest. */
  files: readonly MediumFile[];
  /** What an ISO starts under by its El Torito entries; a folder does not say. */
  startsUnder: readonly ('BIOS' | 'UEFI')[];
  /** FAT images that UEFI starts and that are no files of the medium: names that `read` takes. */
  hiddenImages: readonly string[];
  /** The file of this path, as it is spelt there; one that differs in case alone where there is no other. */
  find(path: string): MediumFile | undefined;
  /** Where its content lies. `MEDIUM_INVALID` where it is compressed and lies nowhere. */
  placeOf(path: string): Place;
  /** The content of a file, or its first `limit` bytes. */
  read(path: string, limit?: number): Promise<Buffer>;
  /** SHA-256, in hexadecimal. */
  hash(path: string, options: HashOptions): Promise<string>;
};

type About = Pick<MediumFiles, 'path' | 'kind'> &
  Partial<Pick<MediumFiles, 'startsUnder' | 'stick'>> & {
    /** Names that `read` takes and `files` does not have. */
    hidden?: ReadonlyMap<string, Place>;
  };

/** A medium by the places of its files, in the order in which they are read fastest. */
export function placedFiles(places: ReadonlyMap<string, Place>, { hidden = new Map(), ...about }: About): MediumFiles {
  const files = [...places].map(([path, place]) => ({ path, bytes: bytesOf(place) }));
  const placeOf = (path: string): Place => {
    const place = places.get(path) ?? hidden.get(path);
    if (place === undefined) throw new Error(`${path} is not on ${about.path}`);
    return place;
  };
  return {
    startsUnder: [],
    ...about,
    files,
    hiddenImages: [...hidden.keys()],
    find: finder(files),
    placeOf,
    read: (path, limit) => readPlace(placeOf(path), limit),
    hash: (path, options) => hashPlace(placeOf(path), options),
  };
}

/** FAT has no case of its own, and sticks are read by systems that spell as they please. */
export function finder(files: readonly MediumFile[]): MediumFiles['find'] {
  const exact = new Map(files.map((file) => [file.path, file]));
  const folded = new Map(files.map((file) => [file.path.toLowerCase(), file]));
  return (path) => exact.get(path) ?? folded.get(path.toLowerCase());
}

/** The one error for what is no medium of ours. */
export function notAMedium(path: string, message: string, hint?: string, cause?: unknown): MediasmithError {
  return new MediasmithError('MEDIUM_INVALID', `${path} ${message}`, {
    where: path,
    hint:
      hint ??
      'Name an ISO file, a stick, an image file of one, a prestaged WIM, or a folder, that Mediasmith has made.',
    ...(cause !== undefined && { cause }),
  });
}
